# Not yet reviewed by a person.
# What people may type. Several words are divided by |. The first one is the one that the bot shows.
# Left out on purpose: words that often begin a story, because they would be obeyed ("غادر", "وقف", "الحدود", "عنا").
word-menu = قائمة | القائمة | مساعدة | المساعدة | ساعدني | رجوع | بداية
word-language = لغة | اللغة | لغات | اللغات
word-about = من نحن | من أنتم | من أنت | مين أنتو | مين أنتوا
word-limits = حدود | ماذا تستطيع | ماذا تفعل | شو بتعمل
word-safety = أمان | الأمان | سلامة | السلامة | خطر | في خطر | أنا في خطر
word-real = حقيقي | حقيقية | هل هذا حقيقي | هل أنت حقيقي
word-whoami = بياناتي | ماذا تحفظ عني | من أنا | مين أنا
word-forget = حذف | الحذف | احذف | امسح | انسني
word-lock = قفل | القفل | اقفل
word-unlock = افتح | فتح القفل | فك القفل
word-lite = مختصر | اختصار | رسائل قصيرة
word-callme = راسلني | راسلوني | اكتب لي
word-settings = إعدادات | الإعدادات
word-faq = أسئلة | الأسئلة | سؤال | عندي سؤال | لدي سؤال
word-leave = مغادرة | خروج | توقف | وداعا | مع السلامة | باي
word-bot-status = حالة البوت | بوت الحالة | البوت | بوت
word-bot-mode = وضع البوت | بوت الوضع
word-bot-reload = تحديث البوت | بوت تحديث
word-bot-audit = سجل البوت | بوت السجل
word-people = الأشخاص
word-people-role = دور شخص | الأشخاص دور
word-people-accept = قبول شخص | الأشخاص قبول
word-approve = اعتمد | اعتماد
word-refuse = ارفض | الرفض
word-match = مطابق | مطابقة
