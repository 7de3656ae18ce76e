# Not yet reviewed by a person.
# First contact, menu, leaving. The first line of every message must be free of telling words: it may show on a lock
# screen.
hello = Hola
language-name = Español
leave-word = Salir
alone-question = ¿Está usted a solas con este teléfono?
alone-yes = Sí
alone-not-now = Ahora no
alone-bye =
    De acuerdo, adiós.
    Escriba otra vez cuando esté a solas.
welcome-who =
    Bien.
    Soy un programa de computadora, no una persona. Me maneja { $name }. Un equipo de personas es responsable de mí.
    .lite =
    Bien.
    Soy un programa. Me maneja { $name }.
welcome-can =
    Lo que puedo hacer y lo que no:
    Puedo responder preguntas sobre este trabajo. Cada respuesta dice de dónde viene.
    No puedo ayudar en una emergencia. No puedo prometer secreto, protección, dinero ni un resultado.
    Puede preguntar con sus propias palabras. Por favor, no escriba nombres.
    .lite = Respondo preguntas. No puedo ayudar en una emergencia y no puedo prometer nada. Por favor, no escriba nombres.
menu-first-line = Escriba un número de esta lista:
menu-faq = Preguntas y respuestas
menu-limits = Lo que puedo hacer y lo que no
menu-about = Quiénes somos
menu-safety = Su seguridad
menu-real = ¿Esto es real?
menu-whoami = Lo que guardo sobre usted
menu-settings = Ajustes
menu-bot = Estado del programa
menu-leave = Salir
menu-menu = Menú
language-question = ¿Qué idioma?
language-set = Ahora escribo en español.
unknown =
    No entendí eso.
    No guardé lo que usted escribió. Si está en peligro, escriba: seguridad
unknown-here = Aquí no conozco eso. Por favor, escríbame en privado: { $address }
not-text =
    Aquí no puedo recibir eso.
    No lo abrí y no lo guardé. Puede borrarlo en su teléfono.
no-such-digit = El número { $digit } no está en la lista. Por favor, elija otra vez:
crossed =
    Escribimos al mismo tiempo.
    Para no equivocarme, no usé su respuesta. Por favor, responda otra vez:
too-fast =
    Por favor, espere un poco.
    Fueron muchos mensajes en poco tiempo. Espere { $minutes ->
        [one] { $minutes } minuto
       *[other] { $minutes } minutos
    } y escriba otra vez. Con 0 puede salir siempre; «seguridad» y «amenaza» funcionan siempre.
was-away =
    Estuve fuera un rato.
    Ahora respondo sus mensajes. Primero, los más antiguos.
unreadable =
    No pude leer uno de sus mensajes.
    No me llegó la llave para abrirlo. Por favor, envíelo otra vez. Si vuelve a pasar, actualice su aplicación o escriba desde otro aparato.
clear-message =
    Uno de sus mensajes llegó sin cifrar.
    No lo leí. Por favor, active el cifrado en su aplicación y escriba otra vez.
not-encrypted = Esta sala no está cifrada, por eso no puedo hablar aquí. Escriba cualquier cosa y le envío una invitación a una sala cifrada.
private-already = Hoy ya le envié una invitación a una sala cifrada. Por favor, mire sus invitaciones.
room-declined = Solo entro en salas con una sola persona, o en salas que abre quien coordina.
room-not-private =
    Ahora hay alguien más en esta sala.
    Aquí ya no digo nada personal. Por favor, abra una sala solo conmigo.
went-wrong =
    Algo falló de mi lado.
    No cambió nada. Por favor, intente otra vez. Si pregunta a una persona por esto, diga: { $ref }
needs-more = Falta algo después de esta palabra. Escriba «ayuda» para ver ejemplos.
bye = Adiós.
group-private = Esto lo respondo en privado. Por favor, escríbame: { $address }
