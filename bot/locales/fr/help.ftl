# Not yet reviewed by a person.
# Threats, feedback, complaints, and where information may go.
threat-question =
    S'il vous plaît, n'écrivez ni noms ni lieux.
    Est-ce que quelqu'un vous menace, vous suit ou vous questionne à cause de ce travail, ou l'a fait avant ?
threat-now = Maintenant
threat-before = Avant
threat-back = Retour
threat-called = Une personne a été appelée. Le numéro : { $ref }
threat-team = L'équipe a été appelée. Le numéro : { $ref }
threat-on-duty = Elle est de garde. Là où elle est, il est { $time } maintenant.
threat-off-duty = Là où elle est, il est { $time } maintenant. Elle lira peut-être cela seulement à { $begins }.
threat-no-duty = Je ne sais pas quand elle le lira.
threat-not-emergency = Je ne suis pas un service d'urgence. D'abord :
feedback-ask =
    Écrivez maintenant, en un seul message.
    En bien ou en mal, sur nous, sur le programme ou sur une réponse. L'équipe ne voit pas qui écrit.
concern-ask =
    Écrivez maintenant, en un seul message.
    Qu'est-ce qui vous inquiète dans ce travail ? L'équipe ne voit pas qui écrit.
complain-ask =
    Écrivez maintenant, en un seul message.
    Des personnes en dehors de l'équipe le lisent. L'équipe ne peut pas le lire. Elles ne voient pas qui écrit.
complain-nobody =
    Personne en dehors de l'équipe n'est encore indiqué ici.
    Cherchez sur le site officiel où faire une réclamation.
guide-first = Vers qui ? Choisissez un numéro :
guide-as-of = La source est du { $date }.
guide-which = Lequel cela pourrait-il être ? Quelques questions
guide-other = Autres possibilités
walk-source = D'après : { $source }
walk-again = Recommencer depuis le début
menu-ask = Demander avec vos mots
menu-threat = Quelqu'un me menace
menu-more = Autres choix
menu-status = Ce que j'ai demandé
menu-guide = Où peuvent aller des informations
menu-feedback = Donner un avis
menu-concern = Une inquiétude
menu-complain = Faire une réclamation
menu-work = Mon travail
duty-called =
    Quelqu'un a besoin de vous maintenant : { $ref }
duty-how = Quelqu'un a été menacé à cause de ce travail. Pour montrer que vous vous en occupez, écrivez : prendre { $ref }. Pour répondre, écrivez : répondre { $ref } et vos mots.
duty-called-desk = La personne de garde est appelée pour { $ref }.
