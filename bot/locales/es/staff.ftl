# Not yet reviewed by a person.
mode-listening = solo respuestas
mode-open = abierto
mode-paused = en pausa
mode-archive = archivado
mode-unknown = Los modos son: solo respuestas, abierto, en pausa, archivado.
mode-already = El modo ya es este: { $mode }.
mode-set = El modo es ahora: { $mode }.
mode-asked = Esto necesita una segunda persona. Otra persona del equipo escribe: !aprobar { $ref }
mode-refuses-listening = Por ahora solo escucho y respondo preguntas.
mode-refuses-open = Por ahora no es posible.
mode-refuses-paused =
    Estoy en pausa.
    Alguien del equipo me ha detenido por ahora. Por favor, vuelva más tarde. Las palabras «seguridad», «real» y «borrar» siguen funcionando.
mode-refuses-archive =
    Este trabajo terminó.
    Las preguntas y respuestas siguen funcionando. No recibo nada nuevo.
status-first = Estado:
status-mode = Modo: { $mode }
status-rooms = Salas: { $private } privadas, { $desks } de trabajo, { $groups } de grupo
status-outbox = Por enviar: { $open }. No se pudo enviar: { $parked }.
status-unread = En espera de claves: { $count }
status-version = Versión { $version }, desde { $since }
status-rate-unknown = El servidor todavía no me ha puesto un límite. El límite propio de Synapse sería de { $perminute } mensajes por minuto, después de { $burst } de una vez: unas { $people } personas por minuto.
status-rate = El servidor me deja enviar { $perminute } mensajes por minuto, { $burst } de una vez. Son unas { $people } personas por minuto.
status-override = Para quitar el límite, un admin del servidor ejecuta: { $call }
status-intake = La recepción sigue cerrada: { $reasons }
closed-no-official-page = no hay página oficial en la configuración
closed-sample-content = el texto de muestra no se ha cambiado
closed-no-controller = faltan el responsable, el contacto y los derechos en la configuración
reload-done = { $count ->
    [one] Leído otra vez. Hay { $count } respuesta.
   *[other] Leído otra vez. Hay { $count } respuestas.
}
reload-failed = Sigo con lo que tengo. No se puede leer { $file }: { $reason }
audit-first = Las últimas anotaciones:
audit-entry = { $seq } · { $date } · { $act } · { $actor } · { $reference }
audit-whole = Nadie cambió estas anotaciones.
audit-broken = Alguien cambió la anotación { $seq }, o quitó una anterior.
audit-empty = Todavía no hay anotaciones.
people-first = Quién tiene un papel:
people-entry = { $account }: { $role }
people-account = No conozco esta cuenta. Tiene esta forma: @name:example.org
people-role = Los papeles que se pueden dar son: participante, miembro, coordina
people-in-config = Este papel está en el archivo de configuración. Solo el operador puede cambiarlo.
people-asked = Esto necesita una segunda persona. Otra persona del equipo escribe: !aprobar { $ref }
people-accepted = Ahora acepto las claves nuevas de esta cuenta.
people-no-new-keys = Esta cuenta no tiene claves nuevas que aceptar.
approval-none = No hay nada en espera con la referencia { $ref }.
approval-own = Eso debe hacerlo otra persona.
approval-twice = Usted ya respondió a { $ref }.
approval-done = Aprobado y hecho: { $ref }
approval-more = Anotado. { $ref } necesita una persona más.
approval-refused = Rechazado: { $ref }
approval-reminder = Todavía espera a una segunda persona: { $ref }
role-participant = participante
role-member = miembro
role-coordinator = coordina
role-staff = personal
role-approver = aprueba
role-admin = admin
role-ombud = defensoría
unknown-desk = No conozco esto aquí. Escriba !ayuda para ver lo que conozco.
desk-help =
    Aquí puede escribir, siempre después de «!», por ejemplo !bot estado:
    bot estado, bot modo MODO, bot recargar, bot registro
    personas, personas papel CUENTA PAPEL, personas aceptar CUENTA
    aprobar REF, rechazar REF, coincide REF
    casos, casos atrasados, y con un número o en su hilo: caso, tomar, responder, deshacer, cerrar, reabrir
    asignar NOMBRE, mover SALA, unir REF, conservar FECHA MOTIVO, quién preguntó MOTIVO, preparadas
    faq agregar, faq editar, faq frase, faq retirar, faq desde
    paquetes, paquete REF, paquete tomar, paquete estado, paquete entregar, paquete identidad
    En un hilo, lo que escribe sin «!» queda aquí como nota; 1 la envía después.
media-too-big = Este archivo es demasiado grande. El límite es { $megabytes } MB.
media-broken = Este archivo llegó dañado. Por favor, envíelo otra vez.
doctor-failed = Algo necesita a una persona: { $list }
