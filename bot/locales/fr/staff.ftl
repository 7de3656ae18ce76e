# Not yet reviewed by a person.
mode-listening = écoute
mode-open = ouvert
mode-paused = pause
mode-archive = archive
mode-unknown = Les modes sont : écoute, ouvert, pause, archive.
mode-already = Le mode est déjà : { $mode }.
mode-set = Le mode est maintenant : { $mode }.
mode-asked = Il faut une deuxième personne. Quelqu'un d'autre de l'équipe écrit : !approuver { $ref }
mode-refuses-listening = Pour le moment, j'écoute et je réponds aux questions, rien de plus.
mode-refuses-open = Ce n'est pas possible pour le moment.
mode-refuses-paused =
    Je suis en pause.
    Quelqu'un de l'équipe m'a mis en pause pour l'instant. Revenez plus tard, s'il vous plaît. Ces mots marchent encore : « sécurité », « vrai », « effacer ».
mode-refuses-archive =
    Ce travail est terminé.
    Les questions et réponses marchent encore. Je ne prends plus rien de nouveau.
status-first = État :
status-mode = Mode : { $mode }
status-rooms = Salons : privés { $private }, bureaux { $desks }, groupes { $groups }
status-outbox = À envoyer : { $open }. Pas pu être envoyés : { $parked }.
status-unread = En attente de clés : { $count }
status-version = Version { $version }, en marche depuis le { $since }
status-rate-unknown = Le serveur ne m'a pas encore limité. La limite propre à Synapse serait de { $perminute } messages par minute, après { $burst } d'un coup : environ { $people } personnes par minute.
status-rate = Le serveur me laisse envoyer { $perminute } messages par minute, { $burst } d'un coup. Cela fait environ { $people } personnes par minute.
status-override = Pour lever la limite, l'administration du serveur lance : { $call }
status-intake = La réception reste fermée : { $reasons }
closed-no-official-page = pas de page officielle dans la configuration
closed-sample-content = le texte d'exemple n'a pas été remplacé
closed-no-controller = pas de responsable, de contact ni de droits dans la configuration
reload-done = { $count ->
    [0] C'est relu. Il n'y a aucune réponse.
    [one] C'est relu. Il y a une réponse.
   *[other] C'est relu. Il y a { $count } réponses.
}
reload-failed = Je garde ce que j'ai. { $file } ne peut pas être lu : { $reason }
audit-first = Les dernières entrées :
audit-entry = { $seq } · { $date } · { $act } · { $actor } · { $reference }
audit-whole = Personne n'a modifié ces entrées.
audit-broken = Quelqu'un a modifié l'entrée { $seq }, ou en a enlevé une avant elle.
audit-empty = Il n'y a pas encore d'entrées.
people-first = Qui a un rôle :
people-entry = { $account } : { $role }
people-account = Je ne connais pas ce compte. Un compte s'écrit comme @name:example.org
people-role = Les rôles à donner sont : participant, membre, coordination
people-in-config = Ce rôle est dans le fichier de configuration. Seul l'opérateur peut le changer.
people-asked = Il faut une deuxième personne. Quelqu'un d'autre de l'équipe écrit : !approuver { $ref }
people-accepted = J'accepte maintenant les nouvelles clés de ce compte.
people-no-new-keys = Ce compte n'a pas de nouvelles clés à accepter.
approval-none = Rien n'attend sous le nom { $ref }.
approval-own = C'est à quelqu'un d'autre de le faire.
approval-twice = Vous avez déjà répondu à { $ref }.
approval-done = Approuvé et fait : { $ref }
approval-more = Noté. Il faut encore une personne pour { $ref }.
approval-refused = Refusé : { $ref }
approval-reminder = Attend toujours une deuxième personne : { $ref }
role-participant = participant
role-member = membre
role-coordinator = coordination
role-staff = personnel
role-approver = approbation
role-admin = administration
role-ombud = médiation
unknown-desk = Je ne connais pas cela ici. Écrivez !aide pour voir ce que je connais.
desk-help =
    Ici vous pouvez écrire, chaque fois après « ! », par exemple !bot état :
    bot état, bot mode MODE, bot recharger, bot journal
    personnes, personnes rôle COMPTE RÔLE, personnes accepter COMPTE
    approuver RÉF, refuser RÉF, identique RÉF
    dossiers, dossiers en retard, et avec un numéro ou dans son fil : dossier, prendre, répondre, annuler, fermer, rouvrir
    confier NOM, déplacer BUREAU, joindre RÉF, garder DATE RAISON, qui a demandé RAISON, réponses prêtes
    faq ajouter, faq modifier, faq formulation, faq retirer, faq depuis
    paquets, paquet REF, paquet prendre, paquet statut, paquet remettre, paquet identite
    Dans un fil, ce que vous écrivez sans « ! » reste ici comme note ; 1 l'envoie ensuite.
media-too-big = Ce fichier est trop gros. La limite est de { $megabytes } Mo.
media-broken = Ce fichier est arrivé abîmé. Envoyez-le encore une fois, s'il vous plaît.
doctor-failed = Une personne doit s'en occuper : { $list }
