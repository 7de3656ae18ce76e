# Not yet reviewed by a person.
mode-listening = استماع
mode-open = مفتوح
mode-paused = متوقف مؤقتًا
mode-archive = أرشيف
mode-unknown = الأوضاع هي: استماع، مفتوح، متوقف مؤقتًا، أرشيف.
mode-already = الوضع هو أصلًا: { $mode }.
mode-set = الوضع الآن: { $mode }.
mode-asked = هذا يحتاج إلى شخص ثانٍ. يكتب شخص آخر من الفريق: !اعتمد { $ref }
mode-refuses-listening = أنا الآن أستمع وأجيب عن الأسئلة فقط.
mode-refuses-open = هذا غير ممكن الآن.
mode-refuses-paused =
    أنا متوقف الآن.
    أوقفني شخص من الفريق مؤقتًا. من فضلك عد لاحقًا. هذه الكلمات ما زالت تعمل: «أمان» و«حقيقي» و«حذف».
mode-refuses-archive =
    انتهى هذا العمل.
    ما زالت الأسئلة والأجوبة تعمل. لا أستلم شيئًا جديدًا.
status-first = الحالة:
status-mode = الوضع: { $mode }
status-rooms = الغرف: خاصة { $private }، مكاتب { $desks }، مجموعات { $groups }
status-outbox = للإرسال: { $open }. تعذّر إرساله: { $parked }.
status-unread = ينتظر مفاتيح: { $count }
status-version = النسخة { $version }، تعمل منذ { $since }
status-rate-unknown = لم يضع الخادم حدًا لي بعد. حد Synapse المعتاد: في الدقيقة { $perminute } من الرسائل، بعد دفعة أولى من { $burst }. هذا يكفي في الدقيقة لنحو { $people } من الأشخاص.
status-rate = يسمح لي الخادم في الدقيقة بإرسال { $perminute } من الرسائل، ودفعة واحدة { $burst }. هذا يكفي في الدقيقة لنحو { $people } من الأشخاص.
status-override = لرفع الحد يشغّل مدير الخادم: { $call }
status-intake = ما زال الاستلام مغلقًا: { $reasons }
closed-no-official-page = لا توجد صفحة رسمية في ملف الإعدادات
closed-sample-content = لم يُستبدل نص المثال
closed-no-controller = لا يوجد في ملف الإعدادات مسؤول ولا جهة اتصال ولا حقوق
reload-done = { $count ->
    [zero] تمت القراءة من جديد. لا توجد أجوبة.
    [one] تمت القراءة من جديد. يوجد جواب واحد.
    [two] تمت القراءة من جديد. يوجد جوابان.
    [few] تمت القراءة من جديد. توجد { $count } أجوبة.
    [many] تمت القراءة من جديد. يوجد { $count } جوابًا.
   *[other] تمت القراءة من جديد. يوجد { $count } جواب.
}
reload-failed = أبقى على ما عندي. لا يمكن قراءة { $file }: { $reason }
audit-first = أحدث القيود:
audit-entry = { $seq } · { $date } · { $act } · { $actor } · { $reference }
audit-whole = لم يغيّر أحد هذه القيود.
audit-broken = غيّر أحد القيد { $seq }، أو أزال قيدًا قبله.
audit-empty = لا توجد قيود بعد.
people-first = من له دور:
people-entry = { $account }: { $role }
people-account = لا أعرف هذا الحساب. شكل الحساب مثل @name:example.org
people-role = الأدوار الممكنة هي: مشارك، عضو، منسّق
people-in-config = هذا الدور مكتوب في ملف الإعدادات. المشغّل وحده يستطيع أن يغيّره.
people-asked = هذا يحتاج إلى شخص ثانٍ. يكتب شخص آخر من الفريق: !اعتمد { $ref }
people-accepted = أقبل الآن المفاتيح الجديدة لهذا الحساب.
people-no-new-keys = ليس لهذا الحساب مفاتيح جديدة يمكن قبولها.
approval-none = لا شيء ينتظر باسم { $ref }.
approval-own = يجب أن يفعل ذلك شخص آخر.
approval-twice = لقد أجبت عن { $ref } من قبل.
approval-done = تمت الموافقة والتنفيذ: { $ref }
approval-more = تم التسجيل. { $ref } يحتاج إلى شخص آخر بعد.
approval-refused = تم الرفض: { $ref }
approval-reminder = ما زال ينتظر شخصًا ثانيًا: { $ref }
role-participant = مشارك
role-member = عضو
role-coordinator = منسّق
role-staff = موظف
role-approver = موافِق
role-admin = مدير
role-ombud = أمين المظالم
unknown-desk = لا أعرف هذا هنا. اكتب !مساعدة لترى ما أعرفه.
desk-help =
    يمكنك أن تكتب هنا، كل مرة بعد «!»، مثل !حالة البوت:
    حالة البوت، وضع البوت ثم الوضع، تحديث البوت، سجل البوت
    الأشخاص، دور شخص ثم الحساب ثم الدور، قبول شخص ثم الحساب
    اعتمد ثم الرقم، ارفض ثم الرقم، مطابق ثم الرقم
    الحالات، الحالات المتأخرة. ومع رقم أو في سلسلة الحالة: حالة، استلم، رد، تراجع، أغلق، افتح من جديد
    أسند ثم الاسم، انقل ثم المكتب، ادمج ثم الرقم، احتفظ ثم التاريخ ثم السبب، من سأل ثم السبب، ردود جاهزة
    إضافة جواب، تعديل جواب، صيغة سؤال، سحب جواب، جواب من حالة
    رزم، رزمة REF، رزمة استلام، رزمة حالة، رزمة تسليم، رزمة هوية
    في سلسلة الحالة يبقى ما تكتبه دون «!» ملاحظة هنا، وبعدها يرسلها الرقم 1.
media-too-big = هذا الملف كبير جدًا. الحد هو { $megabytes } ميغابايت.
media-broken = وصل هذا الملف تالفًا. من فضلك أرسله مرة أخرى.
doctor-failed = شيء يحتاج إلى إنسان: { $list }
