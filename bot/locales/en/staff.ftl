mode-listening = listening
mode-open = open
mode-paused = paused
mode-archive = archive
mode-unknown = The modes are: listening, open, paused, archive.
mode-already = The mode is { $mode } already.
mode-set = The mode is { $mode } now.
mode-asked = This needs a second person. Another member of the team writes: !approve { $ref }
mode-refuses-listening = I only listen and answer questions at the moment.
mode-refuses-open = That is not possible at the moment.
mode-refuses-paused =
    I am paused.
    Somebody of the team has stopped me for now. Please come back later. Your safety, “real?” and erasing still work.
mode-refuses-archive =
    This work has ended.
    Questions and answers still work. I take nothing new.
status-first = State:
status-mode = Mode: { $mode }
status-rooms = Rooms: { $private } private, { $desks } desks, { $groups } groups
status-outbox = To send: { $open }. Could not be sent: { $parked }.
status-unread = Waiting for keys: { $count }
status-version = Version { $version }, since { $since }
status-rate-unknown = The server has not limited me yet. Synapse's own limit would be { $perminute } messages a minute after { $burst } at once: about { $people } people a minute.
status-rate = The server lets me send { $perminute } messages a minute, { $burst } at once. That is about { $people } people a minute.
status-override = To lift the limit, a server admin runs: { $call }
status-intake = Intake stays closed: { $reasons }
closed-no-official-page = no official page in the config
closed-sample-content = the sample text is not edited
closed-no-controller = no responsible body, contact and rights in the config
reload-done = { $count ->
    [one] Read again. There is one answer.
   *[other] Read again. There are { $count } answers.
}
reload-failed = I keep what I have. { $file } cannot be read: { $reason }
audit-first = The newest entries:
audit-entry = { $seq } · { $date } · { $act } · { $actor } · { $reference }
audit-whole = Nobody has changed these entries.
audit-broken = Somebody changed entry { $seq }, or took one out before it.
audit-empty = There are no entries yet.
people-first = Who has a role:
people-entry = { $account }: { $role }
people-account = I do not know this account. It looks like @name:example.org
people-role = The roles to give are: participant, member, coordinator
people-in-config = This role stands in the config file. Only the operator can change it.
people-asked = This needs a second person. Another member of the team writes: !approve { $ref }
people-accepted = I accept the new keys of this account now.
people-no-new-keys = This account has no new keys to accept.
approval-none = There is nothing called { $ref } waiting.
approval-own = Somebody else has to do that.
approval-twice = You have answered { $ref } already.
approval-done = Approved and done: { $ref }
approval-more = Recorded. { $ref } needs one more.
approval-refused = Refused: { $ref }
approval-reminder = Still waiting for a second person: { $ref }
role-participant = participant
role-member = member
role-coordinator = coordinator
role-staff = staff
role-approver = approver
role-admin = admin
role-ombud = ombud
unknown-desk = I do not know this here. Write !help to see what I know.
desk-help =
    Here you can write, each after “!”, for example !bot status:
    bot status, bot mode MODE, bot reload, bot audit
    people, people role ACCOUNT ROLE, people accept ACCOUNT
    approve REF, refuse REF, match REF
    cases, cases overdue, and with a number or in its thread: case, take, reply, undo, close, open again
    assign NAME, move DESK, join case REF, keep DATE REASON, who asked REASON, prepared
    faq add, faq edit, faq phrasing, faq retire, faq from
    submissions, submission REF, submission take, submission status, submission export, submission identity
    In a thread, what you write without “!” stays a note here; 1 then sends it.
media-too-big = This file is too big. The limit is { $megabytes } MB.
media-broken = This file arrived broken. Please send it again.
doctor-failed = Something needs a person: { $list }
