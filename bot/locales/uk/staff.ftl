# Not yet reviewed by a person.
mode-listening = лише відповіді
mode-open = відкрито
mode-paused = пауза
mode-archive = архів
mode-unknown = Є такі режими: лише відповіді, відкрито, пауза, архів.
mode-already = Цей режим уже діє: { $mode }.
mode-set = Тепер діє режим: { $mode }.
mode-asked = Для цього потрібна друга людина. Хтось інший із команди пише: схвалити { $ref }
mode-refuses-listening = Зараз я лише слухаю і відповідаю на запитання.
mode-refuses-open = Зараз це неможливо.
mode-refuses-paused =
    Зараз пауза.
    Хтось із команди поки що мене зупинив. Будь ласка, поверніться пізніше. Слова «безпека», «справжнє» і «стерти» працюють і далі.
mode-refuses-archive =
    Ця робота закінчилася.
    Запитання і відповіді працюють і далі. Нового я не приймаю.
status-first = Стан:
status-mode = Режим: { $mode }
status-rooms = Кімнати: приватних { $private }, робочих { $desks }, групових { $groups }
status-outbox = Треба надіслати: { $open }. Не вдалося надіслати: { $parked }.
status-unread = Чекають на ключі: { $count }
status-version = Версія { $version }, відколи: { $since }
status-rate-unknown = Сервер ще не обмежував мене. Звичайне обмеження Synapse, у повідомленнях: одразу { $burst }, потім { $perminute } на хвилину. У людях це приблизно { $people } на хвилину.
status-rate = Обмеження сервера, у повідомленнях: { $perminute } на хвилину, одразу { $burst }. У людях це приблизно { $people } на хвилину.
status-override = Щоб зняти обмеження, адміністратор сервера запускає: { $call }
status-intake = Приймання лишається закритим: { $reasons }
closed-no-official-page = у конфігурації немає офіційної сторінки
closed-sample-content = текст-зразок не замінено
closed-no-controller = у конфігурації не вказано, хто відповідає, як зв'язатися і які права мають люди
reload-done = { $count ->
    [one] Прочитано знову. Є { $count } відповідь.
    [few] Прочитано знову. Є { $count } відповіді.
    [many] Прочитано знову. Є { $count } відповідей.
   *[other] Прочитано знову. Є { $count } відповіді.
}
reload-failed = Я лишаю те, що маю. Файл { $file } не читається: { $reason }
audit-first = Останні записи:
audit-entry = { $seq } · { $date } · { $act } · { $actor } · { $reference }
audit-whole = Ланцюжок цілий.
audit-broken = Ланцюжок розірвано на записі { $seq }. Хтось змінив базу даних.
audit-empty = Записів ще немає.
people-first = Хто має роль:
people-entry = { $account }: { $role }
people-account = Я не знаю цього акаунта. Він має такий вигляд: @name:example.org
people-role = Можна дати такі ролі: учасник, член, координатор
people-in-config = Ця роль записана у файлі конфігурації. Змінити її може лише оператор.
people-asked = Для цього потрібна друга людина. Хтось інший із команди пише: схвалити { $ref }
people-accepted = Тепер я приймаю нові ключі цього акаунта.
approval-none = Нічого з номером { $ref } не чекає.
approval-own = Це має зробити хтось інший.
approval-twice = Ви вже відповіли на { $ref }.
approval-done = Схвалено і зроблено: { $ref }
approval-more = Записано. Для { $ref } потрібна ще одна людина.
approval-refused = Відхилено: { $ref }
approval-reminder = Ще чекає на другу людину: { $ref }
role-participant = учасник
role-member = член
role-coordinator = координатор
role-staff = працівник
role-approver = схвалює
role-admin = адміністратор
unknown-desk = Я тут цього не знаю. Напишіть !допомога, щоб побачити, що я знаю.
desk-help =
    Тут можна писати, щоразу після «!»:
    бот стан, бот режим РЕЖИМ, бот оновити, бот журнал
    люди, люди роль АКАУНТ РОЛЬ, люди прийняти АКАУНТ
    схвалити НОМЕР, відхилити НОМЕР, збігається НОМЕР
media-too-big = Цей файл завеликий. Найбільше можна { $megabytes } МБ.
media-broken = Цей файл надійшов пошкодженим. Будь ласка, надішліть його ще раз.
doctor-failed = Потрібна людина: { $list }
