# Not yet reviewed by a person.
# Questions that were passed on: what the person reads and what the desk reads.
news-first = هناك جديد لك.
news-waits = هناك جديد لك: اكتب «أخبار».
news-none = لا شيء جديد.
news-end = هذا كل شيء.
case-about = عن { $ref }:
case-in-language = هذا مكتوب بهذه اللغة: { $language }.
case-write-back = لتجيب: رد على هذه الرسالة، أو اكتب { $ref } ثم كلماتك.
case-written = تم نقله مع { $ref }.
case-none = لا يوجد شيء باسم { $ref }.
case-too-many = { $count ->
    [zero] لا أنقل اليوم أي سؤال. من فضلك عد غدًا. إذا كان الأمر عاجلًا فاكتب «تهديد».
    [one] أنقل سؤالًا واحدًا في اليوم. من فضلك عد غدًا. إذا كان الأمر عاجلًا فاكتب «تهديد».
    [two] أنقل سؤالين في اليوم. من فضلك عد غدًا. إذا كان الأمر عاجلًا فاكتب «تهديد».
    [few] أنقل { $count } أسئلة في اليوم. من فضلك عد غدًا. إذا كان الأمر عاجلًا فاكتب «تهديد».
    [many] أنقل { $count } سؤالًا في اليوم. من فضلك عد غدًا. إذا كان الأمر عاجلًا فاكتب «تهديد».
   *[other] أنقل { $count } سؤال في اليوم. من فضلك عد غدًا. إذا كان الأمر عاجلًا فاكتب «تهديد».
}
case-no-desk = غرفة الفريق ليست جاهزة. من فضلك حاول لاحقًا. لم يُنقل شيء.
case-erased-on = نسخة الفريق مما كُتب تُحذف في { $date }.
case-held = ما كُتب يُحفظ حتى { $date }، أطول مما قلنا من قبل.
case-closed = تم إغلاق { $ref }. للمتابعة فيه افتحه من جديد.
case-cannot-reopen = لا يمكن فتح { $ref } من جديد.
status-own-first = ما سألت عنه:
status-own-none = ليست لك أسئلة مفتوحة.
status-own-waits = رقم { $ref }، منذ { $date }: لم يجب إنسان بعد
status-own-answered = رقم { $ref }، منذ { $date }: تمت الإجابة
status-own-more = كتابة المزيد إلى { $ref }
status-own-end = حذف { $ref }
status-own-erased = حُذف { $ref } هنا وعند الفريق. ما يبقى: الرقم واللغة والنتيجة.
status-own-ask = ماذا تريد أن يُفعل مع { $ref }؟
whoami-cases = { $count ->
    [zero] لا أسئلة لك عند الفريق.
    [one] سؤال واحد لك يجيب عنه إنسان، مع كلماته، حتى يُحذف.
    [two] سؤالان لك يجيب عنهما إنسان، مع كلماتهما، حتى يُحذفا.
    [few] { $count } أسئلة لك يجيب عنها إنسان، مع كلماتها، حتى تُحذف.
    [many] { $count } سؤالًا لك يجيب عنها إنسان، مع كلماتها، حتى تُحذف.
   *[other] { $count } سؤال لك يجيب عنها إنسان، مع كلماتها، حتى تُحذف.
}
outcome-answered = أُغلق هذا: تمت الإجابة عنه.
outcome-not-ours = أُغلق هذا: ليس شيئًا تستطيع هذه الهيئة أن تفعله.
outcome-cannot-say = أُغلق هذا: لا يجوز لنا أن نجيب عنه. السبب:
outcome-heard = أُغلق هذا: سمعناه، ولن نفعله. السبب:
outcome-done = أُغلق هذا: غيّرنا شيئًا بسببه.
outcome-no-answer = أُغلق هذا: سألناك عن شيء ولم يصلنا جواب. إذا كتبت مرة أخرى يمكن فتحه من جديد.
outcome-withdrawn = أُغلق هذا: أنت استرجعته.
outcome-duplicate = أُغلق هذا: سُئل الشيء نفسه من قبل وتمت الإجابة عنه.
outcome-unsafe = أُغلق هذا.
outcome-name-answered = تمت الإجابة
outcome-name-not-ours = ليس من عملنا
outcome-name-cannot-say = لا نستطيع القول
outcome-name-heard = سمعناه
outcome-name-done = تم التنفيذ
outcome-name-no-answer = بلا جواب
outcome-name-withdrawn = مسترجع
outcome-name-duplicate = مكرر
outcome-name-unsafe = فيه خطر
# ---- the desk ----
case-kind-question = سؤال
case-kind-person = طلب شخص، بلا كلمات
case-kind-feedback = رأي
case-kind-concern = قلق
case-kind-complaint = شكوى
case-kind-threat = تهديد
case-header = الحالة { $ref } · { $kind }
case-header-urgent = عاجل: الحالة { $ref } · { $kind }
case-header-waits = تنتظر منذ { $date }
case-header-answered = تمت الإجابة. يستطيع الشخص أن يكتب من جديد
case-header-closed = مغلقة: { $outcome }
case-header-owner = عند: { $who }
case-header-nobody = عند: لا أحد بعد
case-header-of = اللغة: { $language }. الدور: { $role }
case-header-merged = ضُمّت إلى { $ref }: أجب هناك
case-header-erased-on = تُحذف في { $date }
case-header-erased = حُذف ما قيل فيها.
case-person-says = يكتب الشخص:
case-staff-said = رسالة من { $who }:
case-noted-by = ملاحظة من { $who }، لنا وحدنا:
case-waits-by = رسالة من { $who }؛ لم يقرأها الشخص بعد:
case-told = قال البرنامج للشخص:
case-a-file = (ملف)
case-noted = حُفظ هنا كملاحظة. الرقم 1 يرسلها إلى الشخص.
case-noted-file = حُفظ هنا. الرقم 1 يرسل هذا الملف إلى الشخص.
case-nothing-to-send = لا توجد ملاحظة لك من الساعة الأخيرة يمكن إرسالها.
case-sent = يذهب إلى الشخص بعد { $seconds } ثانية. لإيقافه اكتب: !تراجع
case-sent-waits = حُفظ للشخص، ويُقرأ عندما يكتب الشخص. كلمة «!تراجع» توقفه مدة { $seconds } ثانية.
case-other-language = يبدو أن لغة هذا هي { $language }، ولغة الشخص هي { $theirs }. حُفظ كملاحظة. الرقم 1 يرسلها رغم ذلك.
case-undone = تم الإيقاف. لم يُرسل.
case-undo-late = لقد ذهب. احذف رسالتك هنا لتُزال هناك أيضًا.
case-undo-nothing = لم يُرسل اليوم في هذه الحالة شيء يمكن إيقافه.
case-undone-open = تم الإيقاف. لم يُقل للشخص شيء، والحالة { $ref } مفتوحة من جديد.
case-waits-after-all = أوقف الشخص المحادثة قبل أن يذهب هذا. يبقى محفوظًا حتى يكتب ويسأل عن الجديد.
case-other-keys = عاد حساب هذا الشخص بمفاتيح أخرى، وقد يكون شخصًا آخر. لا يصل إليه شيء من هذه الحالة بعد الآن. يمكنكم إغلاقها.
case-apart-again = الحالتان { $ref } و { $other } منفصلتان من جديد: كتب أحد الشخصين شيئًا يخصه وحده.
case-file-lost = لم يمكن نقل ملف أرسله الشخص. يُقال له ذلك.
case-not-reached = لم يمكن إرسال الرسالة الأخيرة إلى الشخص. خادمه أو جهازه لا يقبلها.
case-list-rest = هناك المزيد. لرؤيته اكتب لي على انفراد: عملي
case-which = أي حالة؟ اكتب رقمها بعد الكلمة، أو اكتب في سلسلة رسائلها.
case-taken = الحالة { $ref } عندك الآن.
case-assigned = الحالة { $ref } الآن عند { $who }.
case-nobody-called = لا أحد في هذا المكتب باسم { $who }.
case-closed-now = أُغلقت الحالة { $ref }.
case-reopened = فُتحت الحالة { $ref } من جديد.
case-moved = الحالة { $ref } الآن في المكتب { $desk }.
case-is-there = هي أصلًا في المكتب { $desk }.
desk-unknown = المكاتب هي: { $list }
case-merged = ضُمّت الحالة { $ref } إلى { $into }. من سأل تصله أجوبة { $into }.
case-cannot-merge = لا يمكن ضم هاتين الحالتين. يجب أن تكونا مفتوحتين وفي مكتب واحد.
case-not-closed = الحالة { $ref } ليست مغلقة.
case-needs-reason = من فضلك اكتب السبب بعد التاريخ.
case-hold-date = من فضلك اكتب يومًا لاحقًا، مثل 2027-03-01.
case-held-now = تُحفظ الحالة { $ref } حتى { $date }.
case-list-first = { $count ->
    [zero] لا حالات مفتوحة:
    [one] حالة واحدة مفتوحة، الأقدم أولًا:
    [two] حالتان مفتوحتان، الأقدم أولًا:
    [few] { $count } حالات مفتوحة، الأقدم أولًا:
    [many] { $count } حالة مفتوحة، الأقدم أولًا:
   *[other] { $count } حالة مفتوحة، الأقدم أولًا:
}
case-list-none = لا توجد حالات مفتوحة.
case-list-line = رقم { $ref } · { $kind } · منذ { $date } · { $who }
case-overdue-none = { $days ->
    [one] لا شيء ينتظر منذ أكثر من يوم واحد.
    [two] لا شيء ينتظر منذ أكثر من يومين.
    [few] لا شيء ينتظر منذ أكثر من { $days } أيام.
    [many] لا شيء ينتظر منذ أكثر من { $days } يومًا.
   *[other] لا شيء ينتظر منذ أكثر من { $days } يوم.
}
outcome-unknown = النتائج هي: تمت الإجابة، ليس من عملنا، لا نستطيع القول، سمعناه، تم التنفيذ، بلا جواب، مكرر، فيه خطر.
outcome-needs-words = بعد «{ $outcome }» يجب أن يأتي سبب.
prepared-first = ردود جاهزة. لإرسال واحد منها اكتب: !رد = ثم اسمه
prepared-line = { $name }: { $text }
prepared-none = لا يوجد رد جاهز باسم { $name }.
board-first = { $count ->
    [zero] لا حالات مفتوحة.
    [one] حالة واحدة مفتوحة:
    [two] حالتان مفتوحتان:
    [few] { $count } حالات مفتوحة:
    [many] { $count } حالة مفتوحة:
   *[other] { $count } حالة مفتوحة:
}
board-line = رقم { $ref } · { $kind } · منذ { $date } · { $who }
board-line-waits = رقم { $ref } · { $kind } · منذ { $date } · { $who } · تنتظر
digest-open = { $count ->
    [zero] لا حالات مفتوحة.
    [one] حالة واحدة مفتوحة.
    [two] حالتان مفتوحتان.
    [few] { $count } حالات مفتوحة.
    [many] { $count } حالة مفتوحة.
   *[other] { $count } حالة مفتوحة.
}
digest-overdue = { $days ->
    [one] تنتظر منذ أكثر من يوم واحد: { $list }
    [two] تنتظر منذ أكثر من يومين: { $list }
    [few] تنتظر منذ أكثر من { $days } أيام: { $list }
    [many] تنتظر منذ أكثر من { $days } يومًا: { $list }
   *[other] تنتظر منذ أكثر من { $days } يوم: { $list }
}
digest-many = عددها { $count }، وهذا كثير على مكتب واحد. يستطيع المشغّل أن يضع في ملف الإعدادات مكتبًا لكل لغة.
reveal-needs-reason = من فضلك اكتب السبب بكلمات قليلة بعد الرقم.
reveal-needs-room = تلزمك أولًا غرفة خاصة معي: لا يُقال هذا في أي مكان آخر. اكتب لي، ثم اطلب مرة أخرى.
reveal-asked = طلب من { $who }: أن يعرف اثنان منكم من كتب { $ref }. يجيب شخص آخر: !اعتمد { $approval }، أو !ارفض { $approval }
reveal-requested = هذا يحتاج إلى شخص ثانٍ. يكتب شخص آخر من الفريق: !اعتمد { $ref }
reveal-reason = السبب:
reveal-answer = الحساب الذي كتب { $ref }: { $account }
reveal-keep = لا تقل هذا لأحد ولا تكتبه في أي مكان. يُقال للشخص إن اثنين منكم يعرفان هذا، ولماذا.
reveal-told = شخصان من الفريق يعرفان الآن حسابك. السبب الذي ذكراه:
# ---- the officer's own room ----
work-first = عملك:
work-now = يحتاج إليّ الآن ({ $count })
work-mine = حالاتي ({ $count })
work-nobody = حالات ليست عند أحد ({ $count })
work-approve = للموافقة ({ $count })
work-pause = أوقف كل شيء مؤقتًا
work-none = لا يوجد شيء هنا.
work-more = المزيد
work-back = رجوع
work-reply = رد
work-take = استلمها
work-close = أغلقها
work-other-desk = انقلها إلى مكتب آخر
work-next = التالية
work-write-reply = اكتب الرد الآن في رسالة واحدة:
work-outcome = بأي نتيجة؟
work-write-reason = اكتب السبب الآن في رسالة واحدة:
work-approve-line = رقم { $ref } · { $deed } · { $who }
work-approve-reveal = سيعرف اثنان منكم من كتب { $ref }. تعرفان ذلك هنا، أنت ومن طلب، ويُقال للشخص.
work-approve-mode = يصبح الوضع: { $mode }
work-approve-role = يصبح دور { $account }: { $role }
work-approve-yes = اعتمد { $ref }
work-approve-no = ارفض { $ref }
work-pause-sure = هل أوقف كل شيء الآن مؤقتًا؟ عندها تنتظر الأسئلة أيضًا.
work-pause-yes = نعم، أوقف
deed-mode = وضع يفتح أكثر
deed-role = دور
deed-reveal = معرفة من سأل في حالة
deed-faq = تغيير جواب
