# Not yet reviewed by a person.
# Questions that were passed on: what the person reads and what the desk reads.
news-first = Hay novedades para usted.
news-waits = Hay novedades para usted: escriba «novedades».
news-none = No hay nada nuevo.
news-end = Eso es todo.
case-about = Sobre { $ref }:
case-in-language = Esto está escrito en { $language }.
case-write-back = Para responder: conteste a este mensaje, o escriba { $ref } y sus palabras.
case-written = Lo pasé al equipo, con { $ref }.
case-none = No hay nada que se llame { $ref }.
case-too-many = { $count ->
    [one] Paso { $count } pregunta al día. Por favor, vuelva mañana. Si algo es urgente, escriba «amenaza».
   *[other] Paso { $count } preguntas al día. Por favor, vuelva mañana. Si algo es urgente, escriba «amenaza».
}
case-no-desk = La sala del equipo no está lista. Por favor, intente otra vez más tarde. No se pasó nada.
case-erased-on = La copia que tiene el equipo de lo escrito se borra el { $date }.
case-held = Lo que se escribió se guarda hasta el { $date }, más tiempo de lo que dijimos antes.
case-closed = { $ref } está cerrado. Para seguir con esto, ábralo otra vez.
case-cannot-reopen = { $ref } no se puede abrir otra vez.
status-own-first = Lo que usted preguntó:
status-own-none = No tiene preguntas abiertas.
status-own-waits = { $ref }, desde el { $date }: todavía no ha respondido una persona
status-own-answered = { $ref }, desde el { $date }: con respuesta
status-own-more = Escribir más a { $ref }
status-own-end = Borrar { $ref }
status-own-erased = { $ref } está borrado, aquí y en el equipo. Lo que queda: el número, el idioma y el resultado.
status-own-ask = ¿Qué hago con { $ref }?
whoami-cases = { $count ->
    [one] { $count } pregunta suya que responde una persona, con sus palabras, hasta que se borre.
   *[other] { $count } preguntas suyas que responde una persona, con sus palabras, hasta que se borren.
}
outcome-answered = Esto está cerrado: se respondió.
outcome-not-ours = Esto está cerrado: no es algo que este organismo pueda hacer.
outcome-cannot-say = Esto está cerrado: no podemos responderlo. El motivo:
outcome-heard = Esto está cerrado: lo escuchamos y no lo haremos. El motivo:
outcome-done = Esto está cerrado: cambiamos algo por ello.
outcome-no-answer = Esto está cerrado: le preguntamos algo y no supimos nada. Si escribe, puede abrirlo otra vez.
outcome-withdrawn = Esto está cerrado: usted lo retiró.
outcome-duplicate = Esto está cerrado: lo mismo ya se preguntó y se respondió.
outcome-unsafe = Esto está cerrado.
outcome-name-answered = respondido
outcome-name-not-ours = no es nuestro
outcome-name-cannot-say = no podemos decirlo
outcome-name-heard = escuchado
outcome-name-done = hecho
outcome-name-no-answer = sin respuesta
outcome-name-withdrawn = retirado
outcome-name-duplicate = repetido
outcome-name-unsafe = peligroso
# ---- the desk ----
case-kind-question = pregunta
case-kind-person = pide hablar con una persona, sin palabras
case-kind-feedback = opinión
case-kind-concern = preocupación
case-kind-complaint = queja
case-kind-threat = amenaza
case-header = { $ref } · { $kind }
case-header-urgent = URGENTE { $ref } · { $kind }
case-header-waits = Espera desde el { $date }
case-header-answered = Con respuesta; la persona puede contestar
case-header-closed = Cerrado: { $outcome }
case-header-owner = Lo lleva: { $who }
case-header-nobody = Lo lleva: todavía nadie
case-header-of = Idioma: { $language }. Papel: { $role }
case-header-merged = Unido a { $ref }: responda allí
case-header-erased-on = Se borra el { $date }
case-header-erased = Lo que se dijo está borrado.
case-person-says = La persona escribe:
case-staff-said = { $who } escribió:
case-noted-by = { $who } anotó, solo para nosotros:
case-waits-by = { $who } escribió; la persona aún no lo leyó:
case-told = El programa dijo a la persona:
case-a-file = (un archivo)
case-noted = Queda aquí como nota. 1 la envía a la persona.
case-noted-file = Queda aquí. 1 envía este archivo a la persona.
case-nothing-to-send = No hay ninguna nota suya de la última hora para enviar.
case-sent = Sale hacia la persona en { $seconds } segundos. Para pararlo, escriba: !deshacer
case-sent-waits = Queda guardado para la persona; lo lee cuando escriba. Durante { $seconds } segundos, «!deshacer» lo para.
case-other-language = Esto parece escrito en { $language }; la persona escribe en { $theirs }. Queda como nota. 1 la envía de todos modos.
case-undone = Parado. No se envió.
case-undo-late = Ya salió. Borre su mensaje aquí para quitarlo también allí.
case-undo-nothing = Hoy no se envió en este caso nada que se pueda parar.
case-undone-open = Parado. No se dijo nada a la persona, y { $ref } está abierto otra vez.
case-waits-after-all = La persona paró antes de que esto saliera. Espera hasta que escriba y pida las novedades.
case-other-keys = La cuenta de la persona volvió con otras claves; puede ser otra persona. Nada de este caso le llega ya. Todavía puede cerrarlo.
case-apart-again = { $ref } y { $other } están separados otra vez: una de las dos personas escribió algo suyo.
case-file-lost = No se pudo pasar un archivo que envió la persona. Se le avisa.
case-not-reached = No se pudo enviar el último mensaje a la persona. Su servidor o su aparato no lo acepta.
case-list-rest = Hay más. Para verlos, escríbame en privado: tareas
case-which = ¿Cuál? Ponga su número después de la palabra, o escriba en su hilo.
case-taken = { $ref } lo lleva ahora usted.
case-assigned = { $ref } lo lleva ahora { $who }.
case-nobody-called = En esta sala de trabajo nadie se llama { $who }.
case-closed-now = { $ref } está cerrado.
case-reopened = { $ref } está abierto otra vez.
case-moved = { $ref } está ahora en la sala de trabajo { $desk }.
case-is-there = Ya está en la sala de trabajo { $desk }.
desk-unknown = Las salas de trabajo son: { $list }
case-merged = { $ref } está unido a { $into }. Quien preguntó recibe las respuestas a { $into }.
case-cannot-merge = Estos dos no se pueden unir. Los dos deben estar abiertos y en la misma sala de trabajo.
case-not-closed = { $ref } no está cerrado.
case-needs-reason = Por favor, ponga el motivo después de la fecha.
case-hold-date = Por favor, ponga un día posterior, como 2027-03-01.
case-held-now = { $ref } se guarda hasta el { $date }.
case-list-first = { $count ->
    [one] { $count } caso abierto, primero el más antiguo:
   *[other] { $count } casos abiertos, primero el más antiguo:
}
case-list-none = No hay casos abiertos.
case-list-line = { $ref } · { $kind } · desde el { $date } · { $who }
case-overdue-none = { $days ->
    [one] Nada espera desde hace más de { $days } día.
   *[other] Nada espera desde hace más de { $days } días.
}
outcome-unknown = Los resultados son: respondido, no es nuestro, no podemos decirlo, escuchado, hecho, sin respuesta, repetido, peligroso.
outcome-needs-words = «{ $outcome }» necesita un motivo después.
prepared-first = Respuestas preparadas. Para enviar una, escriba: !responder = y su nombre
prepared-line = { $name }: { $text }
prepared-none = No hay ninguna respuesta preparada que se llame { $name }.
board-first = { $count ->
    [0] No hay casos abiertos.
    [one] { $count } caso abierto:
   *[other] { $count } casos abiertos:
}
board-line = { $ref } · { $kind } · desde el { $date } · { $who }
board-line-waits = { $ref } · { $kind } · desde el { $date } · { $who } · espera
digest-open = { $count ->
    [one] Hay { $count } caso abierto.
   *[other] Hay { $count } casos abiertos.
}
digest-overdue = { $days ->
    [one] Esperan desde hace más de { $days } día: { $list }
   *[other] Esperan desde hace más de { $days } días: { $list }
}
digest-many = { $count } son muchos para una sala de trabajo. El operador puede poner en la configuración una sala de trabajo para cada idioma.
reveal-needs-reason = Por favor, ponga el motivo en pocas palabras después del número.
reveal-needs-room = Primero necesita una sala privada conmigo: en otro lugar no se dice. Escríbame y luego pida otra vez.
reveal-asked = { $who } pide que dos de ustedes puedan saber quién escribió { $ref }. Responde otra persona: !aprobar { $approval }, o !rechazar { $approval }
reveal-requested = Esto necesita una segunda persona. Otra persona del equipo escribe: !aprobar { $ref }
reveal-reason = La razón:
reveal-answer = { $ref } lo escribió: { $account }
reveal-keep = No se lo diga a nadie y no lo anote en ningún lugar. La persona recibe el aviso de que dos de ustedes lo saben, y por qué.
reveal-told = Dos personas del equipo conocen ahora su cuenta. El motivo que dieron:
# ---- the officer's own room ----
work-first = Su trabajo:
work-now = Me necesita ahora ({ $count })
work-mine = Mis casos ({ $count })
work-nobody = Casos de nadie ({ $count })
work-approve = Por aprobar ({ $count })
work-pause = Poner todo en pausa
work-none = Aquí no hay nada.
work-more = Más
work-back = Volver
work-reply = Responder
work-take = Tomarlo
work-close = Cerrarlo
work-other-desk = Darlo a otra sala de trabajo
work-next = El siguiente
work-write-reply = Escriba ahora la respuesta, en un solo mensaje:
work-outcome = ¿Con qué resultado?
work-write-reason = Escriba ahora el motivo, en un solo mensaje:
work-approve-line = { $ref } · { $deed } · { $who }
work-approve-reveal = Dos de ustedes sabrían quién escribió { $ref }. Usted y quien lo pide lo sabrán aquí, y se avisa a la persona.
work-approve-mode = El modo será: { $mode }
work-approve-role = { $account } tendrá el rol: { $role }
work-approve-yes = Aprobar { $ref }
work-approve-no = Rechazar { $ref }
work-pause-sure = ¿Poner todo en pausa ahora? También las preguntas esperan entonces.
work-pause-yes = Sí, poner en pausa
deed-mode = un modo que abre más
deed-role = un papel
deed-reveal = quién preguntó en un caso
deed-faq = un cambio de una respuesta
