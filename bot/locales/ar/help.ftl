# Not yet reviewed by a person.
# Threats, feedback, complaints, and where information may go.
threat-question =
    من فضلك لا تكتب أسماء ولا أماكن.
    هل هددك أحد أو لاحقك أو استجوبك بسبب هذا العمل؟
threat-now = الآن
threat-before = من قبل
threat-back = رجوع
threat-called = ناديت شخصًا من الفريق. الرقم: { $ref }
threat-team = ناديت الفريق. الرقم: { $ref }
threat-on-duty = هذا الشخص مناوب. الساعة عنده الآن { $time }.
threat-off-duty = الساعة عند هذا الشخص الآن { $time }. قد لا يقرأ ذلك إلا في الساعة { $begins }.
threat-no-duty = لا أعرف متى يقرأ ذلك.
threat-not-emergency = أنا لست خدمة طوارئ. أولًا:
feedback-ask =
    اكتبه الآن في رسالة واحدة.
    جيدًا كان أو سيئًا، عنا أو عن البرنامج أو عن جواب. لا يرى الفريق من يكتب.
concern-ask =
    اكتبه الآن في رسالة واحدة.
    ما الذي يقلقك في هذا العمل؟ لا يرى الفريق من يكتب.
complain-ask =
    اكتبه الآن في رسالة واحدة.
    يقرؤه أشخاص من خارج الفريق. الفريق لا يستطيع أن يقرأه. وهم لا يرون من يكتب.
complain-nobody =
    لم يُذكر هنا بعد أحد من خارج الفريق.
    ابحث في الموقع الرسمي إلى من تستطيع أن تشتكي.
guide-first = إلى أين؟ اختر رقمًا:
guide-as-of = تاريخ المصدر: { $date }.
guide-which = أي هيئة منها يمكن أن تكون؟ أسئلة قليلة
guide-other = أماكن أخرى
walk-source = المصدر: { $source }
walk-again = مرة أخرى من البداية
menu-ask = اسأل بكلماتك
menu-threat = أحد يهددني
menu-more = المزيد
menu-status = ما سألت عنه
menu-guide = إلى أين يمكن أن تذهب المعلومات
menu-feedback = رأيك
menu-concern = شيء يقلقك
menu-complain = شكوى
menu-work = عملي
duty-called =
    شخص يحتاج إليك الآن: { $ref }
duty-how = تعرّض شخص لتهديد بسبب هذا العمل. لتُظهر أن هذا وصلك اكتب: استلم { $ref }. لتجيب اكتب: رد { $ref } ثم كلماتك.
duty-called-desk = ناديت الشخص المناوب من أجل { $ref }.
