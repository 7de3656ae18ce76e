# Not yet reviewed by a person.
whoami-first = Esto es lo que guardo:
whoami-account = La dirección de su cuenta, para poder responderle. Desde: { $month }.
whoami-language = Su idioma: { $language }
whoami-events = { $count ->
    [one] Un código técnico para { $count } mensaje suyo, sin sus palabras.
   *[other] Un código técnico para cada uno de { $count } mensajes suyos, sin sus palabras.
}
whoami-answers = { $count ->
    [one] Una nota de que le envié { $count } respuesta, sin sus palabras.
   *[other] Una nota de que le envié { $count } respuestas, sin sus palabras.
}
whoami-choices = Lo que usted eligió. Mensajes cortos: { $lite }. Frase para desbloquear: { $lock }. Puedo escribirle primero: { $callme }.
whoami-nothing-else = Nada más de lo que usted escribió.
yes-word = sí
no-word = no
nothing-held = Aquí no hay nada.
forget-question = ¿Borro lo que guardo sobre usted?
forget-what =
    También se borran sus preguntas al equipo, aquí y allá.
    También quito lo que yo escribí aquí. Donde puedo, quito también lo que usted escribió en las últimas 24 horas.
    Lo que queda: los códigos de sus mensajes de los últimos dos días, para no hacer nada dos veces. Las llaves de su aparato, mientras estemos en una misma sala. Copias en su teléfono, en otros aparatos, en respaldos y en servidores.
forget-yes = Sí, borrar
forget-no = No
forget-done =
    Está borrado.
    Para quitar la sala de su lista: Salir (Leave), luego Olvidar (Forget). Adiós.
forget-not = No se borró nada.
settings-first = Ajustes:
settings-language = Idioma
settings-lite-on = Mensajes cortos: activar
settings-lite-off = Mensajes cortos: desactivar
settings-lock = Frase para desbloquear
settings-callme-on = Permitir que el programa me escriba primero
settings-callme-off = No permitir más que el programa me escriba primero
settings-forget = Borrar lo que el programa guarda sobre mí
lite-on = Ahora escribo mensajes cortos.
lite-off = Ahora vuelvo a escribir mensajes más largos.
callme-on =
    Ahora puedo escribirle primero.
    Su teléfono puede mostrar entonces que hay un mensaje. Solo escribo cuando ha pasado algo que usted espera, o cuando cambia la página que dice quiénes somos.
callme-off = Ya no le escribiré primero.
lock-ask =
    Piense una frase y escríbala ahora.
    La pido antes de mostrar lo suyo: lo que guardo, sus preguntas, sus novedades. Con ella se abre durante una hora. No podré recordársela. Al menos seis letras. Para parar, escriba 0.
lock-short = Es demasiado corta. Por favor, escriba al menos seis letras:
lock-set =
    La frase está puesta.
    No guardo su mensaje con la frase.
lock-removed = La frase está quitada.
lock-change = Otra frase
lock-remove = Quitar la frase
lock-first = Ya hay una frase.
lock-delete-yours = En esta sala no puedo quitar su mensaje. Por favor, bórrelo en su teléfono.
unlock-private = Esto está cerrado con su frase. Por favor, escríbame «desbloquear» en privado: { $address }
unlock-ask = Por favor, escriba su frase:
unlocked = Gracias.
unlock-nothing = No hay ninguna frase que pedir.
