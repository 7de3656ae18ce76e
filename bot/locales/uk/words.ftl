# Not yet reviewed by a person.
# What people may type. Several words are divided by |. The first one is the one that the bot shows.
word-menu = меню | допомога | назад | початок
word-language = мова | мови
word-about = інформація | хто ви | хто ми | про вас
word-limits = межі | обмеження
word-safety = безпека | небезпека
word-real = справжнє | це справжнє | чи це справжнє
word-whoami = дані | мої дані | хто я
word-forget = стерти | видалити | забути
word-lock = замкнути | замок | заблокувати
word-unlock = відкрити | відімкнути | розблокувати
word-lite = коротко | короткі повідомлення | стисло
word-callme = сповіщення | сповіщати | пишіть мені
word-settings = налаштування | параметри
word-faq = запитання | питання | запитати
word-leave = вийти | стоп | зупинити | до побачення
word-bot-status = бот стан | бот
word-bot-mode = бот режим
word-bot-reload = бот оновити
word-bot-audit = бот журнал
word-people = люди
word-people-role = люди роль
word-people-accept = люди прийняти
word-approve = схвалити | схвалюю
word-refuse = відхилити | відхиляю
word-match = збігається | збіг
