# Not yet reviewed by a person.
page-version = النسخة { $version } بتاريخ { $date }.
page-check = بصمة النص: { $sha }
page-signature = التوقيع: { $signature }
page-unreviewed = لم يراجع إنسان هذه الترجمة بعد.
page-sample = مثال فقط: لم يضع المشغّل نصه هنا بعد. لا تعتمد على هذا النص.
page-controller = المسؤول: { $controller }. للاتصال: { $contact }
page-rights = حقوقك: { $rights }
page-no-controller = لم يقل المشغّل بعد من هو المسؤول.
about-changed =
    تغيّرت صفحة «من نحن».
about-old = قبل: { $text }
about-new = الآن: { $text }
real-first = لا تصدق كلامي وحده.
real-compare =
    افتح أنت موقع { $name }: { $page }
    وقارن هناك:
real-no-page =
    لا توجد بعد صفحة رسمية باسم { $name }.
    لذلك لا تستطيع أن تتحقق مني. لا تقل لي شيئًا مهمًا.
real-address = عنواني: { $address }
real-words = كلمات مفتاحي الثماني: { $words }
real-leave = إذا اختلف شيء واحد فغادر: اكتب 0.
