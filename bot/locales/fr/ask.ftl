# Not yet reviewed by a person.
# A question in the person's own words, and passing it on to a person.
ask-how =
    Écrivez votre question avec vos mots.
    S'il vous plaît, n'écrivez ni noms ni lieux.
answer-first = Voici une réponse. Je suis un programme.
answer-helped = Cela m'a aidé
answer-not-meant = Ce n'est pas ma question
answer-person = Demander à une personne
answer-thanks = C'est bon à savoir. Merci.
answer-only-in = Cette réponse existe seulement en { $language }.
choices-first = Est-ce l'une de ces questions ?
choices-none = Aucune : demander à une personne
choices-more-first = Peut-être l'une de celles-ci ?
dont-know =
    Je n'ai pas de réponse à cela.
    Je ne devine jamais. Une personne de l'équipe peut lire votre question.
ask-group-private = Je réponds à cela en privé. Écrivez-moi, s'il vous plaît : { $address }
ask-group-choices =
    Est-ce l'une de ces questions ? Demandez encore une fois, plus précisément, ou écrivez-moi en privé : { $address }
ask-group-choice = – { $question }
pass-no-team =
    Ici, on ne peut encore joindre personne de l'équipe.
    Cherchez un autre moyen sur le site officiel.
pass-what = Voici ce que je transmets :
pass-how =
    L'équipe voit ces mots et votre langue. Elle ne voit pas qui vous êtes : ni compte, ni nom.
    Vos mots peuvent quand même dire qui vous êtes.
pass-how-apart =
    Des personnes hors de l'équipe voient ces mots et votre langue. L'équipe ne les voit pas. Elles ne voient pas qui vous êtes : ni compte, ni nom.
    Vos mots peuvent quand même dire qui vous êtes.
pass-when = { $days ->
    [one] En général, une personne lit cela en un jour au plus. Je ne peux pas le promettre.
   *[other] En général, une personne lit cela en { $days } jours au plus. Je ne peux pas le promettre.
}
pass-yes-write = Oui, et écrivez-moi ici quand il y a une réponse
pass-yes-ask = Oui, et je reviens demander
pass-no = Non, ne pas transmettre
pass-tells =
    Regardez d'abord ceci, s'il vous plaît.
    Dans vos mots, j'ai trouvé quelque chose qui peut dire qui vous êtes, ou où :
pass-without = Envoyer sans cela : { $text }
pass-as-it-is = Envoyer tel quel
pass-again = L'écrire autrement
pass-write = Écrivez maintenant, en un seul message :
pass-done =
    C'est transmis.
    Son numéro : { $ref }
pass-done-write = Je vous écris ici quand il y a une réponse. Votre téléphone peut alors montrer qu'il y a un message.
pass-done-ask = Pour voir s'il y a une réponse, écrivez : nouvelles
pass-not = Je n'ai rien transmis. Je ne garde pas ces mots.
account-first = Merci. Vous n'avez pas à le raconter ici.
account-what =
    Cela ressemble à quelque chose qui est arrivé, ou à des éléments (images, papiers, récits).
    Je ne l'ai pas transmis, et je ne l'ai pas gardé.
account-human = Demander une personne, sans ces mots
account-take-back = L'enlever de cette conversation
taken-back = C'est enlevé de cette conversation. Des copies restent sur votre téléphone et dans les sauvegardes.
take-back-yourself = Je n'ai pas le droit de l'enlever dans ce salon. Effacez-le de votre côté, s'il vous plaît.
human-done =
    J'ai demandé une personne.
    Je n'ai transmis aucun de vos mots. Le numéro : { $ref }
danger-unreviewed = Je ne peux pas aider pour cela. Je peux appeler une personne.
danger-call = Appeler une personne
danger-duty = Appeler maintenant la personne de garde
danger-safety = Votre sécurité
file-question =
    Je ne l'ai pas ouvert.
    Est-ce que cela montre ou raconte un crime ?
file-yes = Oui
file-no = Non, cela explique ma question
file-yes-answer =
    N'envoyez pas cela ici, s'il vous plaît.
    Je ne l'ai pas téléchargé, et personne de l'équipe ne le voit. Je ne reçois pas d'éléments dans cette conversation.
file-warning =
    Réfléchissez d'abord, s'il vous plaît.
    Une image ou un film peut dire qui l'a fait, où, et avec quel téléphone. L'équipe le verra tel quel.
file-pass = Transmettre
file-not = Ne pas transmettre
file-passed = C'est transmis avec votre question { $ref }.
file-which = Avec laquelle de vos questions ?
file-which-one = { $ref }, { $kind }
pass-too-long = C'est trop long pour un seul message. Écrivez s'il vous plaît le plus important, plus court.
file-not-passed = Votre fichier n'est pas arrivé à l'équipe. Vous pouvez l'envoyer encore, plus petit, ou avec des mots.
file-clear = Ce fichier est arrivé sans chiffrement. Je ne l'ai pas téléchargé. Envoyez-le encore une fois, s'il vous plaît, depuis une application qui chiffre les fichiers.
voice-question =
    Je ne l'ai pas écouté.
    Votre voix peut dire qui vous êtes.
voice-pass = Transmettre
voice-delete = Effacer
voice-deleted = C'est effacé ici. Effacez-le aussi sur votre téléphone.
voice-hour = Si vous ne choisissez rien pendant une heure, c'est effacé.
voice-hour-yourself = Si vous ne choisissez rien, je ne l'ouvre pas. Je ne peux pas l'effacer dans ce salon : effacez-le de votre côté.
edit-not-passed =
    Vous avez changé un message que j'avais transmis.
    Je n'ai pas transmis le changement : il est long, ou il peut dire qui vous êtes. Écrivez-le comme nouveau message, avec le numéro devant.
pass-own-team =
    Vous êtes de l'équipe, donc je ne transmets ceci à personne.
    Était-ce une réponse ? Écrivez « travail », ouvrez le dossier, choisissez 1, puis écrivez-la.
language-of-en = anglais
language-of-ar = arabe
language-of-fr = français
language-of-uk = ukrainien
language-of-es = espagnol
# What stands before a name in somebody's words, divided by | (both ways to write the apostrophe)
names-said =
    je m'appelle | je m’appelle | je mappelle | moi c'est | moi c’est | on m'appelle | on m’appelle |
    mon nom est | mon nom c'est | mon nom c’est | mon prénom est | je me nomme | je me prénomme |
    je suis monsieur | je suis madame | je suis m. | je suis mme | nom : | nom: | prénom : | prénom: |
    mon père s'appelle | mon père s’appelle | ma mère s'appelle | ma mère s’appelle |
    mon mari s'appelle | mon mari s’appelle | ma femme s'appelle | ma femme s’appelle |
    mon frère s'appelle | mon frère s’appelle | ma sœur s'appelle | ma sœur s’appelle |
    mon fils s'appelle | mon fils s’appelle | ma fille s'appelle | ma fille s’appelle |
    il s'appelle | il s’appelle | elle s'appelle | elle s’appelle | son nom est
# What people write after an answer, divided by |: that they want more of it; words that say nothing by themselves
# around the name of a language ("and in Arabic, please?"); the names of languages as people write them.
more-said = plus | en savoir plus | plus de détails | encore | continue
filler-said = et | en | svp | stp | s'il vous plaît | aussi | maintenant | la même chose | réponse | dans | traduire | traduis
language-said-en = anglais
language-said-ar = arabe
language-said-fr = français
language-said-uk = ukrainien
language-said-es = espagnol
