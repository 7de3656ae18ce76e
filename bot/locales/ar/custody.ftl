# Not yet reviewed by a person.
recipients-no-signer = لا تذكر الإعدادات المفتاح الذي يوقع القائمة. ضع في keys.signer ما أظهره الأمر liaison keys init-signer. يبقى الاستلام مغلقًا.
recipients-missing = لا توجد قائمة مفاتيح. ضع القائمة الموقعة حيث يشير keys.recipients. يبقى الاستلام مغلقًا.
recipients-broken = لا يمكن قراءة قائمة المفاتيح، أو أن فيها اسمًا أو مفتاحًا مكررًا. أعد القائمة الموقعة.
recipients-unsigned = قائمة المفاتيح غير موقعة. وقعها دون اتصال: liaison keys sign. يبقى الاستلام مغلقًا.
recipients-altered = قائمة المفاتيح ليست التي وُقعت بالمفتاح المذكور في keys.signer. أعد القائمة الموقعة. يبقى الاستلام مغلقًا.
recipients-expired = انتهت مدة قائمة المفاتيح. وقعها من جديد دون اتصال: liaison keys sign. يبقى الاستلام مغلقًا.
recipients-rolled-back = قائمة المفاتيح من النسخة { $number }، وقد استُعملت من قبل النسخة { $seen }. أعد أحدث قائمة. يبقى الاستلام مغلقًا.
recipients-few = { $count ->
    [zero] لا يوجد مفتاح صالح في القائمة. يلزم مفتاحان على الأقل. يبقى الاستلام مغلقًا.
    [one] في القائمة مفتاح صالح واحد فقط. يلزم مفتاحان على الأقل. يبقى الاستلام مغلقًا.
    [two] في القائمة مفتاحان صالحان. يلزم أكثر. يبقى الاستلام مغلقًا.
    [few] في القائمة { $count } مفاتيح صالحة. يلزم أكثر. يبقى الاستلام مغلقًا.
    [many] في القائمة { $count } مفتاحًا صالحًا. يلزم أكثر. يبقى الاستلام مغلقًا.
   *[other] في القائمة { $count } مفتاح صالح. يلزم أكثر. يبقى الاستلام مغلقًا.
}
recipients-bad-name = الاسم هنا دور أو رمز: أحرف لاتينية صغيرة وأرقام وواصلات، 30 على الأكثر. لا يكون أبدًا اسم شخص.
recipients-bad-key = هذا ليس مفتاحًا. مفتاح الحافظ يبدأ بـ age1، والمفتاح الذي يوقع من 43 حرفًا.
recipients-twice = الاسم { $name } أو هذا المفتاح موجود في القائمة.
recipients-unknown = لا يوجد { $name } في القائمة.
keys-signer-made = المفتاح الذي يوقع القائمة موجود في { $file }. احفظه دون اتصال، في مكانين. ضع هذا في إعدادات البوت:
keys-made = مفتاحك موجود في { $file }، وبجانبه المفتاح الذي يوقع ما تفتحه. احفظهما دون اتصال مع نسخة. أعط هذين السطرين لمن يحفظ القائمة:
keys-file-there = { $file } موجود من قبل. لم يتغير شيء.
keys-no-signer = { $file } ليس مفتاحًا يوقع القوائم. استعمل الملف الذي صنعه الأمر liaison keys init-signer.
keys-list = النسخة { $seq }. بصمة القائمة: { $fingerprint }
keys-added = { $name } في القائمة. قارن هذه البصمة معه بالهاتف: { $fingerprint }
keys-removed = لم يعد { $name } في القائمة. ما خُتم من قبل ما زال يُفتح بذلك المفتاح.
keys-sign-again = القائمة غير موقعة الآن. وقعها دون اتصال: liaison keys sign
keys-signed = النسخة { $seq } موقعة وصالحة حتى { $date }. بصمة القائمة: { $fingerprint }. وُقعت بالمفتاح { $signature }
keys-in-use = يختم البوت لهذه المفاتيح. النسخة { $seq }، صالحة حتى { $date }. بصمة القائمة: { $fingerprint }
keys-print = البصمة { $fingerprint }
keys-identity = يفتح الهويات أيضًا
keys-until = لا يُستعمل ابتداءً من { $date }
keys-drill-made = { $file } حزمة تجريبية. أعطها لكل من يحفظ مفتاحًا: يفتحها بالأمر liaison unseal ويعيد ملف الحفظ الخاص به.
keys-drill-text = هذه حزمة تجريبية. لا شيء فيها حقيقي.
keys-drill-overdue = هؤلاء لم يفتحوا حزمة تجريبية منذ سنة: { $list }. اصنع واحدة: liaison keys drill
custody-whole = { $count ->
    [zero] سجل الحفظ كامل، وهو فارغ.
    [one] سجل الحفظ كامل: قيد واحد.
    [two] سجل الحفظ كامل: قيدان.
    [few] سجل الحفظ كامل: { $count } قيود.
    [many] سجل الحفظ كامل: { $count } قيدًا.
   *[other] سجل الحفظ كامل: { $count } قيد.
}
custody-broken = سجل الحفظ غير كامل. أول قيد خاطئ رقمه { $seq }. احتفظ بنسخة من كل شيء، واعرف من كان يستطيع الوصول.
custody-stamped = رأت خدمة ختم الوقت رأس يوم { $date } في { $at }.
custody-against-what = { $file } ليس رأسًا ولا سطورًا من سجل حفظ.
custody-file-bad = الملف غير كامل، أو ليس كما ضُم من قبل. أول قيد خاطئ رقمه { $seq }. لم يُضم شيء.
custody-whose = { $file } موقع بالمفتاح { $signature }. هذا المفتاح ليس في القائمة. اسأل صاحبه؛ إن كان له فاذكره مع --signer.
custody-imported = { $count ->
    [zero] لا جديد في ملف { $name }.
    [one] ضُم إلى السجل قيد جديد واحد من { $name }.
    [two] ضُم إلى السجل قيدان جديدان من { $name }.
    [few] ضُم إلى السجل { $count } قيود جديدة من { $name }.
    [many] ضُم إلى السجل { $count } قيدًا جديدًا من { $name }.
   *[other] ضُم إلى السجل { $count } قيد جديد من { $name }.
}
custody-drilled = فتح { $name } الحزمة التجريبية.
custody-written = { $count ->
    [zero] لا قيود في { $file }.
    [one] قيد واحد في { $file }.
    [two] قيدان في { $file }.
    [few] { $count } قيود في { $file }.
    [many] { $count } قيدًا في { $file }.
   *[other] { $count } قيد في { $file }.
}
custody-head = رأس اليوم: رقم { $seq }، { $sha }
custody-not-approved = لا شيء مما وافق عليه شخصان ينتظر تحت { $ref }.
custody-gone = لم تعد حزمة { $ref } في الخزنة.
custody-no-identity = لا تحوي حزمة { $ref } هوية.
custody-exported = كُتب في { $file }. وسجل الحفظ يذكر ذلك.
timestamp-refused = لم تعط خدمة ختم الوقت جوابًا صالحًا. انظر في keys.timestamp_url؛ ستُسأل مرة أخرى لاحقًا.
timestamp-bad = جواب خدمة ختم الوقت لا يوافق الرأس، أو ليس موقعًا بالشهادات المذكورة في keys.timestamp_ca.
unseal-purpose = لماذا تفتح هذه الحزمة؟ جملة واحدة دون أسماء:
unseal-second = من الشخص الثاني الذي يعلم بذلك؟ رمزه أو دوره بأحرف لاتينية:
unseal-needs-two = يلزم سبب وشخص ثان (رمز: أحرف لاتينية وأرقام وواصلات). لم يُفتح شيء.
unseal-no-package = لا توجد حزمة { $file }.
unseal-out-there = { $folder } موجود من قبل وليس فارغًا. سم مجلدًا جديدًا. لم يُفتح شيء.
unseal-no-key = لا يحوي { $file } مفتاحًا يفتح الحزم. يبدأ المفتاح بـ AGE-SECRET-KEY-1. إن كان الملف نفسه مقفلًا فافتحه أولًا: age -d
unseal-log-bad = ملف الحفظ الخاص بك { $file } غير كامل: القيد { $seq } خاطئ. أعد نسخته. لم يُفتح شيء.
unseal-wrong-key = هذا المفتاح لا يفتح هذه الحزمة، أو أن الحزمة عُدلت. لم يُكتب شيء.
unseal-broken = الحزمة غير كاملة: { $part } ناقص أو معدل أو ليس جزءًا منها. لم يُكتب شيء. اطلبها مرة أخرى.
unseal-checking = مقارنة
unseal-opening = فتح
unseal-done = { $count ->
    [zero] فُتحت الحزمة. لا ملفات فيها. كل شيء في { $folder }.
    [one] فُتحت الحزمة: ملف واحد. كل شيء في { $folder }.
    [two] فُتحت الحزمة: ملفان. كل شيء في { $folder }.
    [few] فُتحت الحزمة: { $count } ملفات. كل شيء في { $folder }.
    [many] فُتحت الحزمة: { $count } ملفًا. كل شيء في { $folder }.
   *[other] فُتحت الحزمة: { $count } ملف. كل شيء في { $folder }.
}
unseal-custody-bad = انتبه: سطور الحفظ في هذه الحزمة ليست كما وُقعت.
unseal-written = ما فتحته مكتوب في { $file }. أعد هذا الملف: liaison custody import. وهو موقع بالمفتاح { $signature }
record-title = ما أُرسل
record-graphic = قال أحدهم إن النظر إلى أحد الملفات صعب. لا تفتح الملفات وحدك.
record-drill = هذه حزمة تجريبية. لا شيء فيها حقيقي.
record-received = وصل في
record-form = الاستمارة
record-language = اللغة
record-hard-stop = يجب أن يتولاه إنسان
record-credit = ذكر المساهمة
record-answers = الأجوبة
record-none = لا شيء
record-files = الملفات
record-file = الملف
record-type = النوع بحسب البايتات الأولى
record-size = البايتات
record-claimed = الاسم الذي أعطاه تطبيق المرسل
record-consent = الموافقة
record-element = البند
record-answer = الجواب
record-text = النص الذي عُرض
record-destinations = إلى أين يمكن أن يذهب
record-destination = الجهة
record-contact = كيف يمكن الوصول إلى الشخص
record-question = السؤال
