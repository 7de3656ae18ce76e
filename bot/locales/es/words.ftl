# Not yet reviewed by a person.
# What people may type. Several words are divided by |. The first one is the one that the bot shows.
word-menu = menú | ayuda | volver | inicio
word-language = idioma | idiomas | lengua
word-about = información | quiénes son | quiénes somos
word-limits = límites | límite
word-safety = seguridad | peligro
word-real = real | es real | ¿es real?
word-whoami = datos | mis datos | quién soy
word-forget = borrar | borrar todo | olvidar
word-lock = bloquear | bloqueo | candado
word-unlock = desbloquear | abrir
word-lite = corto | mensajes cortos | breve
word-callme = avisos | avíseme | avísame
word-settings = ajustes | configuración | opciones
word-faq = preguntas | pregunta | preguntar
word-leave = salir | parar | adiós | terminar
word-bot-status = bot estado | bot
word-bot-mode = bot modo
word-bot-reload = bot recargar
word-bot-audit = bot registro
word-people = personas
word-people-role = personas papel
word-people-accept = personas aceptar
word-approve = aprobar | apruebo
word-refuse = rechazar | rechazo
word-match = coincide | coinciden
