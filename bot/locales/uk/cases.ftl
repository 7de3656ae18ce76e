# Not yet reviewed by a person.
# Questions that were passed on: what the person reads and what the desk reads.
news-first = Є новини для вас.
news-waits = Є новини для вас: напишіть «новини».
news-none = Нічого нового немає.
news-end = Це все.
case-about = Про { $ref }:
case-in-language = Це написано такою мовою: { $language }.
case-write-back = Щоб відповісти, дайте відповідь на це повідомлення або напишіть { $ref } і свої слова.
case-written = Передано, номер { $ref }.
case-none = Нічого з номером { $ref } немає.
case-too-many = { $count ->
    [one] За день я передаю { $count } запитання. Будь ласка, поверніться завтра. Якщо це терміново, напишіть «погроза».
    [few] За день я передаю { $count } запитання. Будь ласка, поверніться завтра. Якщо це терміново, напишіть «погроза».
    [many] За день я передаю { $count } запитань. Будь ласка, поверніться завтра. Якщо це терміново, напишіть «погроза».
   *[other] За день я передаю { $count } запитання. Будь ласка, поверніться завтра. Якщо це терміново, напишіть «погроза».
}
case-no-desk = Кімната команди ще не готова. Будь ласка, спробуйте пізніше. Нічого не передано.
case-erased-on = Копію написаного в команди буде стерто { $date }
case-held = Написане зберігатиметься до { $date }, довше, ніж ми казали раніше.
case-closed = { $ref } закрито. Щоб продовжити, відкрийте його знову.
case-cannot-reopen = { $ref } не можна відкрити знову.
status-own-first = Ваші запитання:
status-own-none = Відкритих запитань у вас немає.
status-own-waits = { $ref }, від { $date }: людина ще не відповіла
status-own-answered = { $ref }, від { $date }: відповідь є
status-own-more = Написати більше до { $ref }
status-own-end = Стерти { $ref }
status-own-erased = { $ref } стерто, тут і в команди. Лишаються номер, мова і те, чим це закінчилося.
status-own-ask = Що зробити з { $ref }?
whoami-cases = { $count ->
    [one] { $count } ваше запитання, на яке відповідає людина, разом зі словами, доки його не стерто.
    [few] { $count } ваші запитання, на які відповідає людина, разом зі словами, доки їх не стерто.
    [many] { $count } ваших запитань, на які відповідає людина, разом зі словами, доки їх не стерто.
   *[other] { $count } вашого запитання, на яке відповідає людина, разом зі словами, доки його не стерто.
}
outcome-answered = Це закрито: відповідь дано.
outcome-not-ours = Це закрито: цей орган не може такого зробити.
outcome-cannot-say = Це закрито: ми не маємо права на це відповісти. Причина:
outcome-heard = Це закрито: ми вас почули, але цього не зробимо. Причина:
outcome-done = Це закрито: через це ми дещо змінили.
outcome-no-answer = Це закрито: ми вас щось запитали, а відповіді не отримали. Щоб відкрити це знову, напишіть нам.
outcome-withdrawn = Це закрито: ви забрали це назад.
outcome-duplicate = Це закрито: про те саме вже питали, і відповідь уже є.
outcome-unsafe = Це закрито.
outcome-name-answered = є відповідь
outcome-name-not-ours = не наше
outcome-name-cannot-say = не можна сказати
outcome-name-heard = почуто
outcome-name-done = зроблено
outcome-name-no-answer = без відповіді
outcome-name-withdrawn = забрано назад
outcome-name-duplicate = повтор
outcome-name-unsafe = небезпечно
# ---- the desk ----
case-kind-question = запитання
case-kind-person = просить людину, без слів
case-kind-feedback = відгук
case-kind-concern = занепокоєння
case-kind-complaint = скарга
case-kind-threat = погроза
case-header = { $ref } · { $kind }
case-header-urgent = ТЕРМІНОВО { $ref } · { $kind }
case-header-waits = Чекає від { $date }
case-header-answered = Відповідь дано; людина може писати далі
case-header-closed = Закрито: { $outcome }
case-header-owner = Веде: { $who }
case-header-nobody = Веде: ще ніхто
case-header-of = Мова: { $language }. Роль: { $role }
case-header-merged = Приєднано до { $ref }: відповідайте там
case-header-erased-on = Буде стерто { $date }
case-header-erased = Сказане в ньому стерто.
case-person-says = Людина пише:
case-staff-said = { $who } пише:
case-noted-by = Нотатка від { $who }, лише для нас:
case-waits-by = { $who } пише; людина ще не прочитала:
case-told = Бот сказав людині:
case-a-file = (файл)
case-noted = Збережено тут як нотатку. Цифра 1 надсилає її людині.
case-noted-file = Збережено тут. Цифра 1 надсилає цей файл людині.
case-nothing-to-send = За останню годину немає вашої нотатки, яку можна надіслати.
case-sent = Піде до людини за { $seconds } секунд. Щоб зупинити це, напишіть: !скасувати
case-sent-waits = Збережено для людини. Вона прочитає це, коли напише. Ще { $seconds } секунд слово «!скасувати» може це зупинити.
case-other-language = Схоже, мова цього тексту: { $language }. Мова людини: { $theirs }. Це збережено як нотатку. Цифра 1 однаково її надсилає.
case-undone = Зупинено. Цього не надіслано.
case-undo-late = Це вже надіслано. Видаліть своє повідомлення тут, щоб прибрати його й там.
case-undo-nothing = Сьогодні в цьому зверненні не надіслано нічого, що можна зупинити.
case-undone-open = Зупинено. Людині нічого не сказано, { $ref } знову відкрито.
case-waits-after-all = Людина припинила розмову раніше, ніж це надіслано. Воно чекає, доки вона напише й запитає новини.
case-other-keys = Акаунт людини повернувся з іншими ключами; можливо, це хтось інший. Із цього звернення йому більше нічого не надсилається. Ви ще можете його закрити.
case-apart-again = { $ref } і { $other } знову окремо: одна з двох людей написала щось своє.
case-file-lost = Файл від людини не вдалося передати. Людині про це скажуть.
case-not-reached = Останнє повідомлення не вдалося надіслати людині. Її сервер або пристрій його не приймає.
case-list-rest = Є ще. Щоб побачити, напишіть мені приватно: робота
case-which = Яке саме? Напишіть номер після слова або пишіть у його гілці.
case-taken = Тепер { $ref } ведете ви.
case-assigned = Тепер { $ref } веде { $who }.
case-nobody-called = У цій робочій кімнаті нікого так не звуть: { $who }.
case-closed-now = { $ref } закрито.
case-reopened = { $ref } знову відкрито.
case-moved = Тепер { $ref } у робочій кімнаті { $desk }.
case-is-there = Це вже в робочій кімнаті { $desk }.
desk-unknown = Є такі робочі кімнати: { $list }
case-merged = { $ref } приєднано до { $into }. Хто питав, отримає відповіді на { $into }.
case-cannot-merge = Ці два звернення не можна об'єднати. Обидва мають бути відкриті і в одній робочій кімнаті.
case-not-closed = { $ref } не закрито.
case-needs-reason = Будь ласка, напишіть після дати причину.
case-hold-date = Будь ласка, напишіть пізніший день, наприклад 2027-03-01.
case-held-now = { $ref } зберігатиметься до { $date }
case-list-first = { $count ->
    [one] { $count } відкрите звернення, найдавніші спершу:
    [few] { $count } відкриті звернення, найдавніші спершу:
    [many] { $count } відкритих звернень, найдавніші спершу:
   *[other] { $count } відкритого звернення, найдавніші спершу:
}
case-list-none = Відкритих звернень немає.
case-list-line = { $ref } · { $kind } · від { $date } · { $who }
case-overdue-none = { $days ->
    [one] Ніщо не чекає довше, ніж { $days } день.
    [few] Ніщо не чекає довше, ніж { $days } дні.
    [many] Ніщо не чекає довше, ніж { $days } днів.
   *[other] Ніщо не чекає довше, ніж { $days } дня.
}
outcome-unknown = Закінчити можна так: є відповідь, не наше, не можна сказати, почуто, зроблено, без відповіді, повтор, небезпечно.
outcome-needs-words = Після «{ $outcome }» треба написати причину.
prepared-first = Готові відповіді. Щоб надіслати якусь, напишіть: !відповісти = і її назву
prepared-line = { $name }: { $text }
prepared-none = Готової відповіді з назвою { $name } немає.
board-first = { $count ->
    [0] Відкритих звернень немає.
    [one] { $count } відкрите звернення:
    [few] { $count } відкриті звернення:
    [many] { $count } відкритих звернень:
   *[other] { $count } відкритого звернення:
}
board-line = { $ref } · { $kind } · від { $date } · { $who }
board-line-waits = { $ref } · { $kind } · від { $date } · { $who } · чекає
digest-open = { $count ->
    [one] Відкрито { $count } звернення.
    [few] Відкрито { $count } звернення.
    [many] Відкрито { $count } звернень.
   *[other] Відкрито { $count } звернення.
}
digest-overdue = { $days ->
    [one] Чекають довше, ніж { $days } день: { $list }
    [few] Чекають довше, ніж { $days } дні: { $list }
    [many] Чекають довше, ніж { $days } днів: { $list }
   *[other] Чекають довше, ніж { $days } дня: { $list }
}
digest-many = Для однієї робочої кімнати це забагато: { $count }. У конфігурації оператор може зробити окрему робочу кімнату для кожної мови.
reveal-needs-reason = Будь ласка, напишіть після номера причину кількома словами.
reveal-needs-room = Спершу вам потрібна окрема кімната зі мною: більше ніде про це не сказано. Напишіть мені, а тоді попросіть ще раз.
reveal-asked = { $who } просить, щоб двоє з вас могли дізнатися, чиє звернення { $ref }. Хтось інший відповідає: !схвалити { $approval } або !відхилити { $approval }
reveal-requested = Для цього потрібна друга людина. Хтось інший із команди пише: !схвалити { $ref }
reveal-reason = Причина:
reveal-answer = Автор звернення { $ref }: { $account }
reveal-keep = Нікому не кажіть і ніде не записуйте. Людині скажуть, що двоє з вас це знають і чому.
reveal-told = Двоє людей із команди тепер знають ваш акаунт. Причина, яку вони назвали:
# ---- the officer's own room ----
work-first = Ваша робота:
work-now = Чекає на мене зараз ({ $count })
work-mine = Мої звернення ({ $count })
work-nobody = Нічиї звернення ({ $count })
work-approve = Треба схвалити ({ $count })
work-pause = Зупинити все
work-none = Тут нічого немає.
work-more = Більше
work-back = Назад
work-reply = Відповісти
work-take = Взяти собі
work-close = Закрити
work-other-desk = Передати до іншої робочої кімнати
work-next = Наступне
work-write-reply = Напишіть відповідь зараз, одним повідомленням:
work-outcome = Чим це закінчити?
work-write-reason = Напишіть причину зараз, одним повідомленням:
work-approve-line = { $ref } · { $deed } · { $who }
work-approve-reveal = Двоє з вас знатимуть, хто написав { $ref }. Ви й той, хто просить, дізнаєтеся тут, а людині скажуть.
work-approve-mode = Тоді режим буде: { $mode }
work-approve-role = Тоді роль { $account }: { $role }
work-approve-yes = Схвалити { $ref }
work-approve-no = Відхилити { $ref }
work-pause-sure = Зупинити все зараз? Запитання теж тоді чекатимуть.
work-pause-yes = Так, зупинити
deed-mode = режим, який відкриває більше
deed-role = роль
deed-reveal = хто питав у зверненні
deed-faq = зміна відповіді
