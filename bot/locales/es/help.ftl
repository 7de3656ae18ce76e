# Not yet reviewed by a person.
# Threats, feedback, complaints, and where information may go.
threat-question =
    Por favor, no escriba nombres ni lugares.
    ¿Alguien le ha amenazado, le ha seguido o le ha hecho preguntas por este trabajo?
threat-now = Ahora
threat-before = Antes
threat-back = Volver
threat-called = Se avisó a una persona. El número: { $ref }
threat-team = Se avisó al equipo. El número: { $ref }
threat-on-duty = Está de turno. Donde está esa persona, la hora es { $time }.
threat-off-duty = Donde está esa persona, la hora es { $time }. Quizá lo lea solo a partir de esta hora: { $begins }.
threat-no-duty = No sé cuándo lo va a leer.
threat-not-emergency = No soy un servicio de emergencias. Primero:
feedback-ask =
    Escríbalo ahora, en un solo mensaje.
    Bueno o malo, sobre nosotros, el programa o una respuesta. El equipo no ve quién escribe.
concern-ask =
    Escríbalo ahora, en un solo mensaje.
    ¿Qué le preocupa de este trabajo? El equipo no ve quién escribe.
complain-ask =
    Escríbalo ahora, en un solo mensaje.
    Lo leen personas de fuera del equipo. El equipo no puede leerlo. Esas personas no ven quién escribe.
complain-nobody =
    Aquí todavía no se ha nombrado a nadie de fuera del equipo.
    Mire en el sitio oficial dónde puede quejarse.
guide-first = ¿A dónde? Elija un número:
guide-as-of = La fuente es del { $date }.
guide-which = ¿Cuál podría ser? Unas pocas preguntas
guide-other = Otros lugares
walk-source = De dónde viene: { $source }
walk-again = Otra vez desde el principio
menu-ask = Preguntar con sus propias palabras
menu-threat = Alguien me amenaza
menu-more = Más
menu-status = Lo que pregunté
menu-guide = A dónde puede ir la información
menu-feedback = Dar su opinión
menu-concern = Una preocupación
menu-complain = Presentar una queja
menu-work = Mi trabajo
duty-called =
    Alguien le necesita ahora: { $ref }
duty-how = Amenazaron a alguien por este trabajo. Para mostrar que usted lo tiene, escriba: tomar { $ref }. Para responder, escriba: responder { $ref } y sus palabras.
duty-called-desk = Se avisó a la persona de turno por { $ref }.
