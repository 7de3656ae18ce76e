page-version = Version { $version } of { $date }.
page-check = Fingerprint: { $sha }
page-signature = Signature: { $signature }
page-unreviewed = This text has not been reviewed by a person yet.
page-sample = SAMPLE: the operator has not put their own text here yet. Do not rely on it.
page-controller = Responsible: { $controller }. Contact: { $contact }
page-rights = Your rights: { $rights }
page-no-controller = The operator has not said yet who is responsible.
about-changed =
    The page “about” has changed.
about-old = Before: { $text }
about-new = Now: { $text }
real-first = Do not believe only me.
real-compare =
    Open the website of { $name } yourself: { $page }
    Compare there:
real-no-page =
    { $name } has not named an official page yet.
    So you cannot check me. Do not tell me anything important.
real-address = My address: { $address }
real-words = My eight key words: { $words }
real-leave = If one of them differs, leave: write 0.
