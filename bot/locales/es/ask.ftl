# Not yet reviewed by a person.
# A question in the person's own words, and passing it on to a person.
ask-how =
    Escriba su pregunta con sus propias palabras.
    Por favor, no escriba nombres ni lugares.
answer-first = Aquí hay una respuesta. Soy un programa.
answer-helped = Esto me ayudó
answer-not-meant = No era mi pregunta
answer-person = Preguntar a una persona
answer-thanks = Qué bueno saberlo. Gracias.
answer-only-in = Esta respuesta existe solo en { $language }.
choices-first = ¿Quiso preguntar una de estas cosas?
choices-none = Ninguna de estas: preguntar a una persona
choices-more-first = ¿Quizá una de estas?
dont-know =
    No tengo una respuesta a esto.
    Nunca adivino. Una persona del equipo puede leer su pregunta.
ask-group-private = Esto lo respondo en privado. Por favor, escríbame: { $address }
ask-group-choices =
    ¿Quiso preguntar una de estas cosas? Por favor, pregunte otra vez con más detalle, o escríbame en privado: { $address }
ask-group-choice = – { $question }
pass-no-team =
    Aquí todavía no se puede llegar a nadie del equipo.
    Mire en el sitio oficial si hay otra vía.
pass-what = Esto es lo que paso al equipo:
pass-how =
    El equipo ve estas palabras y su idioma. No ve quién es usted: ni su cuenta ni su nombre.
    Aun así, sus palabras pueden decir quién es usted.
pass-how-apart =
    Personas de fuera del equipo ven estas palabras y su idioma. El equipo no las ve. Ellas no ven quién es usted: ni su cuenta ni su nombre.
    Aun así, sus palabras pueden decir quién es usted.
pass-when = { $days ->
    [one] Lo lee una persona, por lo general en { $days } día o menos. No puedo prometerlo.
   *[other] Lo lee una persona, por lo general en { $days } días o menos. No puedo prometerlo.
}
pass-yes-write = Sí, y escríbame aquí cuando haya respuesta
pass-yes-ask = Sí, y yo vuelvo a preguntar
pass-no = No, no lo pase
pass-tells =
    Por favor, mire esto primero.
    En sus palabras encontré algo que puede decir quién es usted o dónde está:
pass-without = Enviarlo sin eso: { $text }
pass-as-it-is = Enviarlo como está
pass-again = Escribirlo otra vez
pass-write = Por favor, escríbalo ahora, en un solo mensaje:
pass-done =
    Ya lo pasé al equipo.
    Su número: { $ref }
pass-done-write = Le escribo aquí cuando haya respuesta. Su teléfono puede mostrar entonces que hay un mensaje.
pass-done-ask = Para ver si hay respuesta, escriba: novedades
pass-not = No lo pasé al equipo. No lo guardo.
account-first = Gracias. No tiene que contarlo aquí.
account-what =
    Esto parece algo que pasó, o material.
    No lo pasé al equipo y no lo guardé.
account-human = Pedir hablar con una persona, sin estas palabras
account-take-back = Quitarlo de este chat
taken-back = Ya no está en este chat. Quedan copias en su teléfono y en respaldos.
take-back-yourself = En esta sala no puedo quitarlo. Por favor, bórrelo en su teléfono.
human-done =
    Pedí una persona para usted.
    No pasé ninguna de sus palabras. El número: { $ref }
danger-unreviewed = No puedo ayudar con esto. Puedo avisar a una persona.
danger-call = Avisar a una persona
danger-duty = Avisar ahora a la persona de turno
danger-safety = Cómo cuidar su seguridad
file-question =
    No abrí esto.
    ¿Es material sobre un crimen?
file-yes = Sí
file-no = No, explica mi pregunta
file-yes-answer =
    Por favor, no lo envíe aquí.
    No lo descargué, y nadie del equipo lo ve. En este chat no recibo material.
file-warning =
    Por favor, piénselo primero.
    Una foto o un video puede decir quién lo hizo, dónde y con qué teléfono. El equipo lo verá tal como está.
file-pass = Pasarlo al equipo
file-not = No pasarlo
file-passed = Lo pasé al equipo con su pregunta { $ref }.
file-which = ¿Con cuál de sus preguntas?
file-which-one = { $ref }, { $kind }
pass-too-long = Es demasiado largo para un solo mensaje. Escriba por favor lo más importante, más corto.
file-not-passed = Su archivo no llegó al equipo. Puede enviarlo otra vez, más pequeño, o escribirlo con palabras.
file-clear = Este archivo llegó sin cifrar. No lo descargué. Por favor, envíelo otra vez desde una aplicación que cifre los archivos.
voice-question =
    No escuché esto.
    Su voz puede decir quién es usted.
voice-pass = Pasarlo al equipo
voice-delete = Borrarlo
voice-deleted = Aquí está borrado. Bórrelo también en su teléfono.
voice-hour = Si no elige nada en una hora, se borra.
voice-hour-yourself = Si no elige nada, no lo abro. No puedo borrarlo en esta sala: bórrelo por favor en su lado.
edit-not-passed =
    Usted cambió un mensaje que yo había pasado.
    No pasé el cambio: es largo, o puede decir quién es usted. Escríbalo como mensaje nuevo, con el número delante.
pass-own-team =
    Usted es del equipo, por eso no paso esto a nadie.
    ¿Era una respuesta? Escriba «tareas», abra el caso, elija 1 y entonces escríbala.
language-of-en = inglés
language-of-ar = árabe
language-of-fr = francés
language-of-uk = ucraniano
language-of-es = español
# What stands before a name in somebody's words, divided by |
names-said = me llamo | mi nombre es | mi nombre completo es | mi apellido es | mis apellidos son | soy el señor | soy la señora | soy el sr. | soy la sra. | soy el sr | soy la sra | soy don | soy doña | mi padre se llama | mi papá se llama | mi madre se llama | mi mamá se llama | mi hijo se llama | mi hija se llama | mi hermano se llama | mi hermana se llama
# What people write after an answer, divided by |: that they want more of it; words that say nothing by themselves
# around the name of a language ("and in Arabic, please?"); the names of languages as people write them.
more-said = más | cuéntame más | más detalles | detalles | sigue
filler-said = y | en | al | por favor | también | ahora | lo mismo | respuesta | traduce
language-said-en = inglés
language-said-ar = árabe
language-said-fr = francés
language-said-uk = ucraniano
language-said-es = español | castellano
