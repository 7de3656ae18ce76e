# Not yet reviewed by a person.
page-version = Версія { $version }, { $date }
page-check = Код для перевірки тексту: { $sha }
page-signature = Цифровий підпис: { $signature }
page-unreviewed = Жодна людина ще не перевірила цього перекладу.
page-sample = ЗРАЗОК: оператор ще не поставив сюди свого тексту. Не покладайтеся на це.
page-controller = Хто відповідає: { $controller }. Як зв'язатися: { $contact }
page-rights = Ваші права: { $rights }
page-no-controller = Оператор ще не сказав, хто за це відповідає.
about-changed =
    Сторінка «Хто ми» змінилася.
about-old = Було: { $text }
about-new = Тепер: { $text }
real-first = Не вірте лише мені.
real-compare =
    Самі відкрийте офіційний сайт ({ $name }): { $page }
    Порівняйте там:
real-no-page =
    Офіційної сторінки ще не названо ({ $name }).
    Тому ви не можете мене перевірити. Не кажіть мені нічого важливого.
real-address = Моя адреса: { $address }
real-words = Мої вісім слів для перевірки: { $words }
real-leave = Якщо відрізняється хоч щось одне, вийдіть: напишіть 0.
