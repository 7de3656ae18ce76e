mend-device =
    I cannot answer that on this device yet.
    Your app has not confirmed this device as yours. In your app, open Settings, then Security (or Sessions), and confirm this device: with another device of yours, or with the long key that the app gave you when you set it up. Never write that key to me. Then write to me again.
mend-public = Until then I can tell you public things: write “menu”. 0 takes back what was written here.
mend-anyway = Go on with this warning
mend-warning =
    If you cannot do that, you can go on without it.
    Then somebody who controls a server could read what we write. Your choice is recorded.
mend-accepted =
    I go on with this device.
    Please confirm it in your app when you can.
identity-changed =
    Your account has new keys.
    That happens with a new phone or after you sign in again. It can also mean that somebody else uses your account. What was under way has ended. We start again:
identity-changed-staff =
    Your account has new keys.
    Until an admin has accepted them, I take nothing from it. Ask an admin to write: !people accept and your account
needs-compared =
    First a colleague must be sure that it is really you.
    Verify me in your app. A colleague compares the emoji with you and writes “!match” with the number that I show at the desk. When nobody has been compared yet, the operator does it first with: liaison verify
verify-compare =
    { $who } is comparing emoji with me now.
    If it is really them, over the telephone or side by side, and they see exactly this, write: !match { $ref }
    { $emoji }
verify-none = There is no comparison { $ref } waiting.
verify-matched = Done. I count them as compared now.
identity-changed-desk =
    The account { $account } has new keys.
    I take nothing from it that is not public. Ask its owner over the telephone or in person. If the new keys are theirs, another admin writes:
    !people accept { $account }
