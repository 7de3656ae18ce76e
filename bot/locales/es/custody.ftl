# Not yet reviewed by a person.
recipients-no-signer = La configuración no dice qué clave firma la lista. Ponga en keys.signer lo que mostró liaison keys init-signer. La recepción sigue cerrada.
recipients-missing = No hay lista de claves. Ponga la lista firmada donde dice keys.recipients. La recepción sigue cerrada.
recipients-broken = La lista de claves no se puede leer, o un nombre o una clave está dos veces. Vuelva a poner la lista firmada.
recipients-unsigned = La lista de claves no está firmada. Fírmela sin conexión: liaison keys sign. La recepción sigue cerrada.
recipients-altered = La lista de claves no es la que se firmó con la clave de keys.signer. Vuelva a poner la lista firmada. La recepción sigue cerrada.
recipients-expired = La lista de claves ha caducado. Fírmela de nuevo, sin conexión: liaison keys sign. La recepción sigue cerrada.
recipients-rolled-back = La lista de claves es de la versión { $number }; antes se usó la versión { $seen }. Ponga la más nueva. La recepción sigue cerrada.
recipients-few = { $count ->
    [0] No hay ninguna clave válida en la lista. Hacen falta al menos dos. La recepción sigue cerrada.
    [one] Solo hay una clave válida en la lista. Hacen falta al menos dos. La recepción sigue cerrada.
    [many] Hay { $count } de claves válidas en la lista. Hacen falta más. La recepción sigue cerrada.
   *[other] Hay { $count } claves válidas en la lista. Hacen falta más. La recepción sigue cerrada.
}
recipients-bad-name = Aquí un nombre es un papel o un código: letras minúsculas, cifras y guiones, 30 como máximo. Nunca el nombre de una persona.
recipients-bad-key = Esto no es una clave. La clave de quien guarda empieza por age1; la clave que firma tiene 43 letras.
recipients-twice = El nombre { $name } o esta clave ya está en la lista.
recipients-unknown = No hay { $name } en la lista.
keys-signer-made = La clave que firma la lista está en { $file }. Guárdela sin conexión, en dos lugares. Ponga esto en la configuración del bot:
keys-made = Su clave está en { $file } y, al lado, la clave que firma lo que usted abre. Guarde las dos sin conexión, con una copia. Dé estas dos líneas a quien lleva la lista:
keys-file-there = { $file } ya existe. No se ha cambiado nada.
keys-no-signer = { $file } no es una clave que firma listas. Use el archivo que hizo liaison keys init-signer.
keys-list = Versión { $seq }. Huella de la lista: { $fingerprint }
keys-added = { $name } está en la lista. Compare esta huella con esa persona por teléfono: { $fingerprint }
keys-removed = { $name } ya no está en la lista. Lo que se selló antes todavía se abre con esa clave.
keys-sign-again = La lista ya no está firmada. Fírmela sin conexión: liaison keys sign
keys-signed = La versión { $seq } está firmada y vale hasta el { $date }. Huella de la lista: { $fingerprint }. Firmada con { $signature }
keys-in-use = El bot sella para estas claves. Versión { $seq }, vale hasta el { $date }. Huella de la lista: { $fingerprint }
keys-print = huella { $fingerprint }
keys-identity = abre también identidades
keys-until = ya no se usa desde el { $date }
keys-drill-made = { $file } es un paquete de ensayo. Délo a cada persona que guarda una clave: lo abre con liaison unseal y devuelve su archivo de custodia.
keys-drill-text = Esto es un paquete de ensayo. Nada en él es real.
keys-drill-overdue = Estas personas no abrieron ningún paquete de ensayo en un año: { $list }. Haga uno: liaison keys drill
custody-whole = { $count ->
    [one] El registro de custodia está entero: { $count } entrada.
    [many] El registro de custodia está entero: { $count } de entradas.
   *[other] El registro de custodia está entero: { $count } entradas.
}
custody-broken = El registro de custodia no está entero. La primera entrada mala es la número { $seq }. Guarde una copia de todo y averigüe quién tenía acceso.
custody-stamped = El servicio de sellado de tiempo vio la cabeza del { $date } a las { $at }.
custody-against-what = { $file } no es ni una cabeza ni líneas de un registro de custodia.
custody-file-bad = El archivo no está entero, o no es como cuando se unió antes. La primera entrada mala es la número { $seq }. No se ha unido nada.
custody-whose = { $file } está firmado con { $signature }. Esta clave no está en la lista. Pregunte a quien la guarda; si es suya, déla con --signer.
custody-imported = { $count ->
    [0] No hay nada nuevo en el archivo de { $name }.
    [one] Se unió al registro { $count } entrada nueva de { $name }.
    [many] Se unieron al registro { $count } de entradas nuevas de { $name }.
   *[other] Se unieron al registro { $count } entradas nuevas de { $name }.
}
custody-drilled = { $name } ha abierto el paquete de ensayo.
custody-written = { $count ->
    [one] Hay { $count } entrada en { $file }.
    [many] Hay { $count } de entradas en { $file }.
   *[other] Hay { $count } entradas en { $file }.
}
custody-head = Cabeza de hoy: número { $seq }, { $sha }
custody-not-approved = Nada de lo que dos personas aprobaron espera bajo { $ref }.
custody-gone = El paquete de { $ref } ya no está en la bóveda.
custody-no-identity = El paquete de { $ref } no contiene identidad.
custody-exported = Escrito en { $file }. El registro de custodia lo dice.
timestamp-refused = El servicio de sellado de tiempo no dio una respuesta válida. Mire keys.timestamp_url; se le preguntará otra vez.
timestamp-bad = Lo que respondió el servicio de sellado de tiempo no corresponde a la cabeza, o no está firmado por los certificados de keys.timestamp_ca.
unseal-purpose = ¿Por qué abre este paquete? Una frase, sin nombres:
unseal-second = ¿Qué segunda persona lo sabe? Su código o papel:
unseal-needs-two = Hacen falta un motivo y una segunda persona (un código: letras, cifras, guiones). No se ha abierto nada.
unseal-no-package = No hay ningún paquete { $file }.
unseal-out-there = { $folder } ya existe y no está vacía. Nombre una carpeta nueva. No se ha abierto nada.
unseal-no-key = { $file } no contiene ninguna clave que abra paquetes. Una clave empieza por AGE-SECRET-KEY-1. Si el archivo mismo está cerrado, ábralo primero: age -d
unseal-log-bad = Su archivo de custodia { $file } no está entero: la entrada { $seq } es mala. Vuelva a poner su copia. No se ha abierto nada.
unseal-wrong-key = Esta clave no abre este paquete, o el paquete fue alterado. No se ha escrito nada.
unseal-broken = El paquete no está entero: { $part } falta, fue alterado o no es parte de él. No se ha escrito nada. Pídalo de nuevo.
unseal-checking = Comparando
unseal-opening = Abriendo
unseal-done = { $count ->
    [0] Abierto. No hay archivos en él. Está en { $folder }.
    [one] Abierto: { $count } archivo. Está en { $folder }.
    [many] Abierto: { $count } de archivos. Están en { $folder }.
   *[other] Abierto: { $count } archivos. Están en { $folder }.
}
unseal-custody-bad = Atención: las líneas de custodia de este paquete no son como se firmaron.
unseal-written = Lo que ha abierto está anotado en { $file }. Devuelva este archivo: liaison custody import. Está firmado con { $signature }
record-title = Lo que se envió
record-graphic = Alguien dijo que un archivo es duro de mirar. No abra los archivos a solas.
record-drill = Esto es un paquete de ensayo. Nada en él es real.
record-received = Recibido
record-form = Formulario
record-language = Idioma
record-hard-stop = Debe tratarlo una persona
record-credit = Mención
record-answers = Respuestas
record-none = nada
record-files = Archivos
record-file = Archivo
record-type = Clase, según sus primeros bytes
record-size = Bytes
record-claimed = Nombre que dio la aplicación de quien envió
record-consent = Consentimiento
record-element = Elemento
record-answer = Respuesta
record-text = Texto mostrado
record-destinations = Adónde puede ir
record-destination = Organismo
record-contact = Cómo comunicarse con la persona
record-question = Pregunta
