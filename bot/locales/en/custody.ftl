# Keys, the custody log, opening packages: what the command line says to operators and to holders of keys.
recipients-no-signer = The config does not say which key signs the list. Set keys.signer to what liaison keys init-signer showed. Intake stays closed.
recipients-missing = There is no list of keys. Put the signed list where keys.recipients says. Intake stays closed.
recipients-broken = The list of keys cannot be read, or a name or a key stands in it twice. Put back the signed list.
recipients-unsigned = The list of keys is not signed. Sign it offline: liaison keys sign. Intake stays closed.
recipients-altered = The list of keys is not what was signed with the key in keys.signer. Put back the signed list. Intake stays closed.
recipients-expired = The list of keys has expired. Sign it again, offline: liaison keys sign. Intake stays closed.
recipients-rolled-back = The list of keys is of version { $number }; version { $seen } was used before. Put the newest list back. Intake stays closed.
recipients-few = { $count ->
    [0] There is no valid key in the list. At least two are needed. Intake stays closed.
    [one] There is only one valid key in the list. At least two are needed. Intake stays closed.
   *[other] There are { $count } valid keys in the list. More are needed. Intake stays closed.
}
recipients-bad-name = A name here is a role or a code: small letters, digits and hyphens, at most 30. Never the name of a person.
recipients-bad-key = This is not a key. A holder's key begins with age1; the key that signs has 43 letters.
recipients-twice = The name { $name } or this key stands in the list already.
recipients-unknown = There is no { $name } in the list.
keys-signer-made = The key that signs the list is in { $file }. Keep it offline, in two places. Put this into the config of the bot:
keys-made = Your key is in { $file }, and beside it the key that signs what you open. Keep both offline, with a copy. Give these two lines to who keeps the list:
keys-file-there = { $file } is there already. Nothing was changed.
keys-no-signer = { $file } is not a key that signs lists. Use the file that liaison keys init-signer made.
keys-list = Version { $seq }. Fingerprint of the list: { $fingerprint }
keys-added = { $name } is in the list. Compare this fingerprint with them over the telephone: { $fingerprint }
keys-removed = { $name } is no longer in the list. What was sealed before still opens with that key.
keys-sign-again = The list is not signed now. Sign it offline: liaison keys sign
keys-signed = Version { $seq } is signed and valid until { $date }. Fingerprint of the list: { $fingerprint }. Signed with { $signature }
keys-in-use = The bot seals to these keys. Version { $seq }, valid until { $date }. Fingerprint of the list: { $fingerprint }
keys-print = fingerprint { $fingerprint }
keys-identity = opens identities too
keys-until = not used any more from { $date } on
keys-drill-made = { $file } is a test package. Give it to each holder: they open it with liaison unseal and bring their custody file back.
keys-drill-text = This is a test package. Nothing in it is real.
keys-drill-overdue = These holders opened no test package within a year: { $list }. Make one: liaison keys drill
custody-whole = { $count ->
    [one] The custody log is whole: one entry.
   *[other] The custody log is whole: { $count } entries.
}
custody-broken = The custody log is not whole. The first bad entry is number { $seq }. Keep a copy of everything, and find out who had access.
custody-stamped = The head of { $date } was seen by the timestamp service at { $at }.
custody-against-what = { $file } is neither a head nor lines of a custody log.
custody-file-bad = The file is not whole, or not as it was joined before. The first bad entry is number { $seq }. Nothing was joined.
custody-whose = { $file } is signed with { $signature }. This key is not in the list. Ask its holder; if it is theirs, give it with --signer.
custody-imported = { $count ->
    [0] Nothing in the file of { $name } is new.
    [one] One new entry of { $name } was joined to the log.
   *[other] { $count } new entries of { $name } were joined to the log.
}
custody-drilled = { $name } has opened the test package.
custody-written = { $count ->
    [one] One entry is in { $file }.
   *[other] { $count } entries are in { $file }.
}
custody-head = Today's head: number { $seq }, { $sha }
custody-not-approved = Nothing that two people approved is waiting under { $ref }.
custody-gone = The package of { $ref } is not in the vault any more.
custody-no-identity = The package of { $ref } holds no identity.
custody-exported = Written to { $file }. The custody log says so.
timestamp-refused = The timestamp service gave no valid answer. Look at keys.timestamp_url; it is asked again next time.
timestamp-bad = What the timestamp service answered does not fit the head, or is not signed by the certificates in keys.timestamp_ca.
unseal-purpose = Why do you open this package? One sentence, without names:
unseal-second = Who is the second person that knows of it? Their code or role:
unseal-needs-two = A purpose and a second person (a code: letters, digits, hyphens) are needed. Nothing was opened.
unseal-no-package = There is no package { $file }.
unseal-out-there = { $folder } is there already and not empty. Name a new folder. Nothing was opened.
unseal-no-key = { $file } holds no key that opens packages. A key begins with AGE-SECRET-KEY-1. If the file itself is locked, open it first: age -d
unseal-log-bad = Your custody file { $file } is not whole: entry { $seq } is bad. Put its copy back. Nothing was opened.
unseal-wrong-key = This key does not open this package, or the package was altered. Nothing was written.
unseal-broken = The package is not whole: { $part } is missing, altered or not a part of it. Nothing was written. Ask for it again.
unseal-checking = Comparing
unseal-opening = Opening
unseal-done = { $count ->
    [0] Opened. There is no file in it. It lies in { $folder }.
    [one] Opened: one file. It lies in { $folder }.
   *[other] Opened: { $count } files. They lie in { $folder }.
}
unseal-custody-bad = Look: the custody lines of this package are not as they were signed.
unseal-written = What you opened is written in { $file }. Bring this file back: liaison custody import. It is signed with { $signature }
record-title = What was sent
record-graphic = Somebody said that a file here is hard to look at. Do not open the files alone.
record-drill = This is a test package. Nothing in it is real.
record-received = Received
record-form = Form
record-language = Language
record-hard-stop = Must be handled by a person
record-credit = Credit
record-answers = Answers
record-none = nothing
record-files = Files
record-file = File
record-type = Kind, by its first bytes
record-size = Bytes
record-claimed = Name that the sender's app gave
record-consent = Consent
record-element = Element
record-answer = Answer
record-text = Text that was shown
record-destinations = Where it may go
record-destination = Body
record-contact = How to reach the person
record-question = Question
