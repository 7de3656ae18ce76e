# Not yet reviewed by a person.
# Questions that were passed on: what the person reads and what the desk reads.
news-first = Il y a du nouveau pour vous.
news-waits = Il y a du nouveau pour vous : écrivez « nouvelles ».
news-none = Il n'y a rien de nouveau.
news-end = C'est tout.
case-about = Sur { $ref } :
case-in-language = C'est écrit en { $language }.
case-write-back = Pour répondre : répondez à ce message, ou écrivez { $ref } et vos mots.
case-written = C'est transmis, avec { $ref }.
case-none = Il n'y a rien sous le nom { $ref }.
case-too-many = { $count ->
    [one] Je transmets une question par jour. Revenez demain, s'il vous plaît. Si c'est urgent, écrivez « menace ».
   *[other] Je transmets { $count } questions par jour. Revenez demain, s'il vous plaît. Si c'est urgent, écrivez « menace ».
}
case-no-desk = Le salon de l'équipe n'est pas prêt. Essayez plus tard, s'il vous plaît ; rien n'a été transmis.
case-erased-on = La copie de l'équipe de ce qui a été écrit sera effacée le { $date }.
case-held = Ce qui a été écrit est gardé jusqu'au { $date }, plus longtemps que nous ne l'avions dit.
case-closed = { $ref } est fermé. Pour continuer, rouvrez-le.
case-cannot-reopen = { $ref } ne peut pas être rouvert.
status-own-first = Ce que vous avez demandé :
status-own-none = Vous n'avez pas de question en cours.
status-own-waits = { $ref }, depuis le { $date } : une personne n'a pas encore répondu
status-own-answered = { $ref }, depuis le { $date } : il y a une réponse
status-own-more = Écrire encore à { $ref }
status-own-end = Effacer { $ref }
status-own-erased = { $ref } est effacé, ici et chez l'équipe. Ce qui reste : le numéro, la langue et comment cela s'est terminé.
status-own-ask = Que faire de { $ref } ?
whoami-cases = { $count ->
    [0] Aucune question transmise à une personne.
    [one] Une question que vous avez transmise à une personne, avec ses mots, jusqu'à ce qu'elle soit effacée.
   *[other] { $count } questions que vous avez transmises à une personne, avec leurs mots, jusqu'à ce qu'elles soient effacées.
}
outcome-answered = C'est terminé : il y a eu une réponse.
outcome-not-ours = C'est terminé : cet organe ne peut pas faire cela.
outcome-cannot-say = C'est terminé : nous n'avons pas le droit d'y répondre. La raison :
outcome-heard = C'est terminé : nous vous avons entendu, et nous ne le ferons pas. La raison :
outcome-done = C'est terminé : nous avons changé quelque chose grâce à cela.
outcome-no-answer = C'est terminé : nous vous avons demandé quelque chose et n'avons rien reçu. Vous pouvez rouvrir cela en écrivant.
outcome-withdrawn = C'est terminé : vous l'avez retiré.
outcome-duplicate = C'est terminé : la même question a déjà été posée et a déjà une réponse.
outcome-unsafe = C'est terminé.
outcome-name-answered = répondu
outcome-name-not-ours = pas pour nous
outcome-name-cannot-say = impossible à dire
outcome-name-heard = entendu
outcome-name-done = fait
outcome-name-no-answer = sans réponse
outcome-name-withdrawn = retiré
outcome-name-duplicate = doublon
outcome-name-unsafe = dangereux
# ---- the desk ----
case-kind-question = question
case-kind-person = demande une personne, sans mots
case-kind-feedback = avis
case-kind-concern = inquiétude
case-kind-complaint = réclamation
case-kind-threat = menace
case-header = { $ref } · { $kind }
case-header-urgent = URGENT { $ref } · { $kind }
case-header-waits = Attend depuis le { $date }
case-header-answered = A une réponse ; la personne peut répondre à son tour
case-header-closed = Fermé : { $outcome }
case-header-owner = Chez : { $who }
case-header-nobody = Chez : personne pour l'instant
case-header-of = Langue : { $language }. Rôle : { $role }
case-header-merged = Joint à { $ref } : répondez là-bas
case-header-erased-on = Effacé le { $date }
case-header-erased = Ses paroles sont effacées.
case-person-says = La personne écrit :
case-staff-said = { $who } a écrit :
case-noted-by = { $who } a noté, pour nous seuls :
case-waits-by = { $who } a écrit ; la personne ne l'a pas encore lu :
case-told = Le programme a dit à la personne :
case-a-file = (un fichier)
case-noted = Gardé ici comme note. 1 l'envoie à la personne.
case-noted-file = Gardé ici. 1 envoie ce fichier à la personne.
case-nothing-to-send = Vous n'avez pas de note de la dernière heure à envoyer.
case-sent = Part vers la personne dans { $seconds } secondes. Pour l'arrêter, écrivez : !annuler
case-sent-waits = Gardé pour la personne ; elle le lira quand elle écrira. Pendant { $seconds } secondes, « !annuler » l'arrête.
case-other-language = Cela semble écrit en { $language } ; la personne écrit en { $theirs }. C'est gardé comme note. 1 l'envoie quand même.
case-undone = Arrêté. Ce n'est pas parti.
case-undo-late = C'est déjà parti. Effacez votre message ici pour l'enlever aussi là-bas.
case-undo-nothing = Rien n'a été envoyé aujourd'hui dans ce dossier que l'on puisse arrêter.
case-undone-open = Arrêté. La personne n'a rien reçu, et { $ref } est de nouveau ouvert.
case-waits-after-all = La personne a arrêté avant que cela parte. Cela attend qu'elle écrive et demande les nouvelles.
case-other-keys = Le compte de la personne est revenu avec d'autres clés ; c'est peut-être quelqu'un d'autre. Rien de ce dossier ne lui parvient plus. Vous pouvez encore le fermer.
case-apart-again = { $ref } et { $other } sont de nouveau séparés : l'une des deux personnes a écrit quelque chose à elle.
case-file-lost = Un fichier envoyé par la personne n'a pas pu être transmis. Elle en est avertie.
case-not-reached = Le dernier message n'a pas pu être envoyé à la personne. Son serveur ou son appareil ne le prend pas.
case-list-rest = Il y en a d'autres. Pour les voir, écrivez-moi en privé : travail
case-which = Lequel ? Écrivez son numéro après le mot, ou écrivez dans son fil.
case-taken = { $ref } est maintenant chez vous.
case-assigned = { $ref } est maintenant chez { $who }.
case-nobody-called = Personne à ce bureau ne s'appelle { $who }.
case-closed-now = { $ref } est fermé.
case-reopened = { $ref } est rouvert.
case-moved = { $ref } est maintenant au bureau { $desk }.
case-is-there = Il est déjà au bureau { $desk }.
desk-unknown = Les bureaux sont : { $list }
case-merged = { $ref } est joint à { $into }. La personne reçoit les réponses à { $into }.
case-cannot-merge = Ces deux dossiers ne peuvent pas être joints. Les deux doivent être ouverts et au même bureau.
case-not-closed = { $ref } n'est pas fermé.
case-needs-reason = Écrivez la raison après la date, s'il vous plaît.
case-hold-date = Écrivez un jour plus tardif, s'il vous plaît, par exemple 2027-03-01.
case-held-now = { $ref } est gardé jusqu'au { $date }.
case-list-first = { $count ->
    [0] Aucun dossier ouvert.
    [one] Un dossier ouvert :
   *[other] { $count } dossiers ouverts, le plus ancien d'abord :
}
case-list-none = Il n'y a aucun dossier ouvert.
case-list-line = { $ref } · { $kind } · depuis le { $date } · { $who }
case-overdue-none = { $days ->
    [one] Rien n'attend depuis plus d'un jour.
   *[other] Rien n'attend depuis plus de { $days } jours.
}
outcome-unknown = Les issues sont : répondu, pas pour nous, impossible à dire, entendu, fait, sans réponse, doublon, dangereux.
outcome-needs-words = Après « { $outcome } », il faut une raison.
prepared-first = Réponses prêtes. Pour en envoyer une, écrivez : !répondre = et son nom
prepared-line = { $name } : { $text }
prepared-none = Aucune réponse prête ne s'appelle { $name }.
board-first = { $count ->
    [0] Aucun dossier ouvert.
    [one] Un dossier ouvert :
   *[other] { $count } dossiers ouverts :
}
board-line = { $ref } · { $kind } · depuis le { $date } · { $who }
board-line-waits = { $ref } · { $kind } · depuis le { $date } · { $who } · attend
digest-open = { $count ->
    [0] Aucun dossier n'est ouvert.
    [one] Un dossier est ouvert.
   *[other] { $count } dossiers sont ouverts.
}
digest-overdue = { $days ->
    [one] Attendent depuis plus d'un jour : { $list }
   *[other] Attendent depuis plus de { $days } jours : { $list }
}
digest-many = { $count }, c'est beaucoup pour un seul bureau. L'opérateur peut créer un bureau par langue dans la configuration.
reveal-needs-reason = Écrivez la raison en quelques mots après le numéro, s'il vous plaît.
reveal-needs-room = Il vous faut d'abord un salon privé avec moi : je ne le dis nulle part ailleurs. Écrivez-moi, puis demandez encore une fois.
reveal-asked = { $who } demande que deux d'entre vous puissent savoir qui a écrit { $ref }. Quelqu'un d'autre répond : !approuver { $approval }, ou !refuser { $approval }
reveal-requested = Il faut une deuxième personne. Quelqu'un d'autre de l'équipe écrit : !approuver { $ref }
reveal-reason = La raison :
reveal-answer = { $ref } a été écrit par : { $account }
reveal-keep = Ne le dites à personne, ne le notez nulle part. La personne apprend que deux d'entre vous le savent, et pourquoi.
reveal-told = Deux personnes de l'équipe connaissent maintenant votre compte. La raison qu'elles ont donnée :
# ---- the officer's own room ----
work-first = Votre travail :
work-now = A besoin de moi maintenant ({ $count })
work-mine = Mes dossiers ({ $count })
work-nobody = Dossiers de personne ({ $count })
work-approve = À approuver ({ $count })
work-pause = Tout mettre en pause
work-none = Il n'y a rien ici.
work-more = La suite
work-back = Retour
work-reply = Répondre
work-take = Le prendre
work-close = Le fermer
work-other-desk = Le donner à un autre bureau
work-next = Le suivant
work-write-reply = Écrivez la réponse maintenant, en un seul message :
work-outcome = Avec quelle issue ?
work-write-reason = Écrivez la raison maintenant, en un seul message :
work-approve-line = { $ref } · { $deed } · { $who }
work-approve-reveal = Deux d'entre vous sauraient qui a écrit { $ref }. Vous et qui le demande l'apprenez ici, et la personne en est avertie.
work-approve-mode = Le mode sera : { $mode }
work-approve-role = { $account } aura le rôle : { $role }
work-approve-yes = Approuver { $ref }
work-approve-no = Refuser { $ref }
work-pause-sure = Tout mettre en pause maintenant ? Les questions aussi attendent alors.
work-pause-yes = Oui, mettre en pause
deed-mode = un mode qui ouvre davantage
deed-role = un rôle
deed-reveal = qui a demandé, dans un dossier
deed-faq = un changement dans une réponse
