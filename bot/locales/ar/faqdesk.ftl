# Not yet reviewed by a person.
# What staff read when they change answers at the desk.
faq-overdue-task = كان موعد مراجعة الجواب «{ $id }» هو { $date }. من فضلك راجع مصدره. يرى الناس أنه قد يكون قديمًا.
faq-fields =
    اكتب سطرًا لكل واحد، هكذا:
    language: ar
    question: ما هذا؟
    answer: باختصار: ...
    source: اسم المصدر
    أسطر أخرى ممكنة: topic, more, link, of (يوم), status, for
faq-id = في المعرّف حروف لاتينية صغيرة وأرقام وشرطات، مثل bot-human.
faq-language = اللغات هي: en, ar, fr, uk, es
faq-missing = تنقص هذه الأسطر: { $list }
faq-topic = المواضيع هي: { $list }
faq-wrong = هذا غير مناسب: { $field }
faq-any = الجواب الذي فيه سنة أو قرار يخص جهة معينة. اكتب لمن هو: «for: example»، أو الهيئة.
faq-never-say = لا يجوز أن يقول جواب هذا: { $list }
faq-exists = هناك جواب «{ $id }» من قبل. لتغييره: !تعديل جواب
faq-phrasing = في صيغة السؤال من 3 إلى 200 حرف.
faq-preview = هكذا سيظهر «{ $id }»:
faq-preview-more = وبعد «المزيد»:
faq-preview-phrasing = سيُعثر على «{ $id }» أيضًا بهذا: { $text }
faq-preview-retire = لن يُعرض «{ $id }» بعد الآن. نصه: { $text }
faq-asked = هذا يحتاج إلى شخص ثانٍ. يكتب شخص آخر من الفريق: !اعتمد { $ref }
faq-no-such = لا يوجد جواب «{ $id }». الموجود: { $list }
faq-one-of = «{ $field }» واحد من هذه: { $list }
faq-preview-foreign = في هذه اللغة ما زالت هناك كلمات من لغة أخرى. أضف هذه الأسطر أيضًا: { $list }
faq-others-wait = هناك طلبات أخرى تنتظر من أجل «{ $id }»: { $list }. عندما يُعتمد واحد منها تسقط الطلبات الأخرى.
faq-void = تغيّر «{ $id }». سقطت هذه الطلبات الأخرى الخاصة به: { $list }. اطلب من جديد ما لا يزال مطلوبًا.
faq-learnt = تعلّمتُ ما تغيّر. أجيب منه الآن عن الأسئلة بأي كلمات.
faq-not-live = في اختباري الذاتي كان أكثر من 5 من كل 100 جواب مباشر خطأ. لا أجيب الآن عن شيء مباشرة، بل أعرض خيارات فقط. ما أخلط بينه يظهر بالأمر: liaison faq check
faq-letters-only = تُقارن الأسئلة بالحروف فقط، ولا يُعطى جواب مباشر أبدًا: نموذج اللغة لا يعمل على هذا الجهاز.
# What `liaison faq` tells a curator.
faq-tier-answer = جواب مباشر. درجة الثقة: { $confidence }
faq-tier-choices = تُعرض خيارات. درجة الثقة: { $confidence }
faq-tier-person = يُنقل إلى إنسان. درجة الثقة: { $confidence }
faq-ask-long = في هذا النص { $count } حرفًا، أي أكثر من { $most }. يُعدّ رواية لما حدث: لا يُقارن ولا يُنقل ولا يُحفظ.
faq-ask-danger = نوع خطير ({ $id }): لا خيارات، ولا يُنقل شيء. يُعرض نصه الثابت فقط.
faq-ask-unreviewed = ذلك النص لم تتم مراجعته بهذه اللغة. بدلًا منه يقرأ الناس:
faq-ask-wish = طلب ({ $id }). نصه الخاص يأتي أولًا، ثم يُعرض التحدث إلى شخص والجواب الأول. يقول:
faq-ask-other = { $id } عن هيئة أخرى: يمكن اختياره، ولا يكون أبدًا الجواب المباشر.
faq-check-missing = لا يوجد نص بهذه اللغات: { $value }
faq-check-overdue = كان موعد مراجعته { $value }
faq-check-few = صيغ السؤال قليلة جدًا، { $value }
faq-check-never = يقول ما لا يجوز أن يقوله جواب، { $value }
faq-check-any = يذكر شيئًا يخص جهة معينة ({ $value }) ومكتوب فيه «any»
faq-check-see = يشير إلى جواب غير موجود: { $value }
faq-check-audio = التسجيل غير موجود، { $value }
faq-check-alike = يشبه كثيرًا { $value }: ربما يكفي جواب واحد
faq-check-unreviewed = نصه الثابت لم تتم مراجعته ولا يُعرض بهذه اللغات: { $value }
faq-check-confused = يُفهم «{ $id }» على أنه «{ $value }»: { $count }
faq-check-rate = من صيغه التي تُركت جانبًا ثم سُئلت: { $answered } بجواب مباشر، منها { $wrong } خطأ. أسئلة بلا جواب أُجيب عنها رغم ذلك: { $foreign }
faq-check-long = الكلمات أكثر مما يجب، { $value }
faq-check-far = موعد مراجعته بعيد: { $value }. من فضلك 90 يومًا على الأكثر
faq-check-telling = السطر الأول يكشف الموضوع، { $value }
faq-check-desk = تغيّر في المكتب، وذلك مقدّم على الملفات: { $list }
faq-check-review = عندما يراجع شخص أحد هذه النصوص، ضع سطره تحت المعرّف نفسه في handover.yaml، مع reviewed_by (دور) وreviewed_on (اليوم)، لتلك اللغة فقط:
faq-check-mend = لا يجوز نشر المحتوى قبل إصلاح كل ما كُتب عنده «fail». البوت لا ينظر إلى ذلك، وسيجيب رغم ذلك.
faq-check-fine = يمكن نشر المحتوى.
faq-check-refused = لا يجوز نشر المحتوى: في الاختبار كان أكثر من 5 من كل 100 جواب مباشر خطأ، لذلك لا يُجاب عن شيء مباشرة قبل إصلاح هذا.
faq-import-where = حدد أولًا مجلد المحتوى الخاص بك في faq.content: المجلد المرفق لا يتغير.
faq-imported = الأجوبة في الجدول: { $count }. ما تغيّر أو هو جديد: { $changed }. شغّل الآن: liaison faq check
faq-exported = الأجوبة التي كُتبت في { $file }: { $count }
faq-desk-unread = لا يمكن قراءة قاعدة البيانات. ما تغيّر في المكتب غير محسوب هنا، ويُنظر إلى الملفات فقط.
faq-table-suffix = اسم الجدول ينتهي بـ .csv أو .xlsx، وهذا ليس كذلك: { $file }
faq-table-encoding = الملف { $file } ليس بترميز UTF-8. احفظه من جديد بصيغة «CSV UTF-8» أو .xlsx.
faq-table-broken = الملف { $file } ليس جدولًا أستطيع قراءته. احفظه من جديد بصيغة .xlsx أو CSV.
faq-table-columns = في { $file } تنقص هذه الأعمدة: { $list }. الصف الأول يذكر أسماء الأعمدة.
faq-table-never = في { $file } يقول { $id } ما لا يجوز أن يقوله جواب: { $list }
faq-eval-id = { $file }، السطر { $line }: لا يوجد جواب «{ $id }».
