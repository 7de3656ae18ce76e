# Not yet reviewed by a person.
whoami-first = Voici ce que je garde :
whoami-account = L'adresse de votre compte, pour pouvoir vous répondre. Depuis : { $month }.
whoami-language = Votre langue : { $language }
whoami-events = { $count ->
    [0] Aucun code technique pour un message de vous.
    [one] Un code technique pour un message de vous, sans ses mots.
   *[other] Un code technique pour chacun de { $count } messages de vous, sans leurs mots.
}
whoami-answers = { $count ->
    [0] Aucune note sur des réponses.
    [one] Une note qui dit que je vous ai envoyé une réponse, sans ses mots.
   *[other] Une note qui dit que je vous ai envoyé { $count } réponses, sans leurs mots.
}
whoami-choices = Vos choix : messages courts : { $lite } ; phrase de verrouillage : { $lock } ; je peux vous écrire en premier : { $callme }.
whoami-nothing-else = Je ne garde rien d'autre de ce que vous avez écrit.
yes-word = oui
no-word = non
nothing-held = Il n'y a rien ici.
forget-question = Voulez-vous que j'efface ce que je garde sur vous ?
forget-what =
    Vos questions à l'équipe sont effacées aussi, ici et là-bas.
    J'enlève aussi ce que j'ai écrit ici et, là où je le peux, ce que vous avez écrit ces dernières 24 heures.
    Ce qui reste : les codes de vos messages des deux derniers jours, pour que rien ne soit fait deux fois. Les clés de votre appareil, tant que nous sommes dans un même salon. Des copies sur votre téléphone, sur d'autres appareils, dans les sauvegardes et sur les serveurs.
forget-yes = Oui, effacer
forget-no = Non
forget-done =
    C'est effacé.
    Pour enlever le salon de votre liste : Quitter (Leave), puis Oublier (Forget). Au revoir.
forget-not = Rien n'a été effacé.
settings-first = Réglages :
settings-language = Langue
settings-lite-on = Messages courts : activer
settings-lite-off = Messages courts : désactiver
settings-lock = Phrase de verrouillage
settings-callme-on = Vous pouvez m'écrire en premier : autoriser
settings-callme-off = Vous pouvez m'écrire en premier : ne plus autoriser
settings-forget = Effacer ce que vous gardez sur moi
lite-on = J'écris maintenant des messages courts.
lite-off = J'écris de nouveau des messages plus longs.
callme-on =
    Je peux maintenant vous écrire en premier.
    Votre téléphone peut alors montrer qu'il y a un message. Je n'écris que s'il y a du nouveau dans ce que vous attendez, ou si la page qui dit qui nous sommes change.
callme-off = Je ne vous écrirai plus en premier.
lock-ask =
    Choisissez une phrase et écrivez-la maintenant.
    Je la demande avant de montrer ce qui est à vous : ce que je garde, vos questions, les nouvelles. Elle les ouvre pendant une heure. Je ne pourrai pas vous la redire. Il faut au moins six lettres. Pour arrêter, écrivez 0.
lock-short = C'est trop court. Écrivez au moins six lettres, s'il vous plaît :
lock-set =
    La phrase est en place.
    Je ne garde pas le message où vous l'avez écrite.
lock-removed = La phrase est enlevée.
lock-change = Une autre phrase
lock-remove = Enlever la phrase
lock-first = Il y a une phrase.
lock-delete-yours = Je n'ai pas le droit d'enlever votre message dans ce salon. Effacez-le de votre côté, s'il vous plaît.
unlock-private = C'est fermé par votre phrase. Écrivez-moi « ouvrir » en privé, s'il vous plaît : { $address }
unlock-ask = Écrivez votre phrase, s'il vous plaît :
unlocked = Merci.
unlock-nothing = Il n'y a pas de phrase à demander.
