# Not yet reviewed by a person.
# What people may type. Several words are divided by |. The first one is the one that the bot shows.
# Left out on purpose: words that often begin a story, because they would be obeyed ("arrêté", "fin", "partir").
word-menu = menu | aide | aidez-moi | aide-moi | retour | début
word-language = langue | langues
word-about = à propos | qui êtes-vous | qui êtes vous | qui es-tu | qui nous sommes | présentation
word-limits = limites | limite
word-safety = sécurité | ma sécurité | danger | en danger
word-real = vrai | est-ce vrai | c'est vrai | réel
word-whoami = données | mes données | qui suis-je | qui suis je
word-forget = effacer | efface | effacez | tout effacer | supprimer | oubliez-moi
word-lock = verrou | verrouiller | verrouillage
word-unlock = ouvrir | déverrouiller
word-lite = bref | messages courts | version courte
word-callme = écrivez-moi | écrivez moi | écris-moi
word-settings = réglages | réglage | paramètres
word-faq = questions | question | une question | j'ai une question
word-leave = quitter | stop | arrêter | au revoir
word-bot-status = bot état | bot
word-bot-mode = bot mode
word-bot-reload = bot recharger
word-bot-audit = bot journal
word-people = personnes
word-people-role = personnes rôle
word-people-accept = personnes accepter
word-approve = approuver | approuve
word-refuse = refuser | refuse
word-match = identique | identiques
