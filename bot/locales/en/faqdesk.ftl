# What staff read when they change answers at the desk.
faq-overdue-task = The answer “{ $id }” was to be checked by { $date }. Please check its source. People see that it may be out of date.
faq-fields =
    Write one line for each, like this:
    language: en
    question: What is this?
    answer: In short: ...
    source: Name of the source
    Others: topic, more, link, of (a day), status, for
faq-id = An id has small letters, digits and hyphens, like bot-human.
faq-language = The languages are: en, ar, fr, uk, es
faq-missing = These lines are missing: { $list }
faq-topic = The topics are: { $list }
faq-wrong = This does not fit: { $field }
faq-any = An answer with a year or a resolution is somebody's own fact. Write for whom: “for: example”, or the body.
faq-never-say = An answer must not say this: { $list }
faq-exists = There is an answer “{ $id }” already. To change it: !faq edit
faq-phrasing = A way of asking has 3 to 200 letters.
faq-preview = This is how “{ $id }” will look:
faq-preview-more = And after “more”:
faq-preview-phrasing = “{ $id }” will also be found by: { $text }
faq-preview-retire = “{ $id }” will not be shown any more. It says: { $text }
faq-asked = This needs a second person. Another member of the team writes: !approve { $ref }
faq-no-such = There is no answer “{ $id }”. There are: { $list }
faq-one-of = “{ $field }” is one of: { $list }
faq-preview-foreign = In this language there are still words of another one. Add these lines too: { $list }
faq-others-wait = Other requests for “{ $id }” wait too: { $list }. As soon as one is approved, the others are void.
faq-void = “{ $id }” has changed. These other requests for it are void: { $list }. Ask again for what is still wanted.
faq-learnt = What was changed is learnt. Questions in any words are answered from it now.
faq-not-live = In my own test more than 5 of 100 direct answers were wrong. I answer nothing directly now, I only offer choices. What I mix up is shown by: liaison faq check
faq-letters-only = Questions are matched by letters only, and never answered directly: the model that compares sentences does not run on this machine.
# What `liaison faq` tells a curator.
faq-tier-answer = Answered directly. Confidence: { $confidence }
faq-tier-choices = Shown as choices. Confidence: { $confidence }
faq-tier-person = Passed to a person. Confidence: { $confidence }
faq-ask-long = This text has { $count } letters, more than { $most }. It is taken for an account: not matched, not passed on, not kept.
faq-ask-danger = A dangerous kind ({ $id }): no choices, nothing is passed on. Only its fixed text is shown.
faq-ask-unreviewed = That text is not reviewed in this language. Instead people read:
faq-ask-wish = A wish ({ $id }). Its own text comes first, then a person and the first answer are offered. It says:
faq-ask-other = { $id } is about another body: it can be chosen, and it is never the direct answer.
faq-check-missing = There is no text in: { $value }
faq-check-overdue = Was to be checked by { $value }
faq-check-few = Too few ways of asking, { $value }
faq-check-never = Says what no answer may say, { $value }
faq-check-any = Names somebody's own fact ({ $value }) but says “any”
faq-check-see = Points to an answer that is not there: { $value }
faq-check-audio = The recording is not there, { $value }
faq-check-alike = Very like { $value }: perhaps one answer is enough
faq-check-unreviewed = Its fixed text is not reviewed and not shown in: { $value }
faq-check-confused = “{ $id }” is taken for “{ $value }”: { $count }
faq-check-rate = Of its own phrasings, left out and asked: { $answered } answered directly, { $wrong } of these wrongly. Questions without an answer, answered all the same: { $foreign }
faq-check-long = Too many words, { $value }
faq-check-far = Is to be checked only by { $value }: at most 90 days ahead, please
faq-check-telling = The first line tells what this is about, { $value }
faq-check-desk = Changed at the desk, and that stands above the files: { $list }
faq-check-review = When a person has reviewed one of these texts, put its line under the same id in handover.yaml, with reviewed_by (a role) and reviewed_on (the day), for that language only:
faq-check-mend = The content must not go live before each “fail” is mended. The bot does not look at them: it would answer all the same.
faq-check-fine = The content may go live.
faq-check-refused = The content must not go live: in the test more than 5 of 100 direct answers were wrong, so nothing is answered directly until this is mended.
faq-import-where = Name your own content folder in faq.content first: the shipped one is not changed.
faq-imported = Answers in the table: { $count }. Changed or new: { $changed }. Now run: liaison faq check
faq-exported = Answers written to { $file }: { $count }
faq-desk-unread = The database cannot be read. What was changed at the desk is left out, and only the files are looked at.
faq-table-suffix = The name of a table ends with .csv or .xlsx. This one does not: { $file }
faq-table-encoding = { $file } is not in UTF-8. Save it again as “CSV UTF-8” or as .xlsx.
faq-table-broken = { $file } is no table that I can read. Save it again as .xlsx or as CSV.
faq-table-columns = In { $file } these columns are missing: { $list }. The first row names the columns.
faq-table-never = In { $file }, { $id } says what no answer may say: { $list }
faq-eval-id = { $file }, line { $line }: there is no answer “{ $id }”.
