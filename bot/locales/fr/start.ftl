# Not yet reviewed by a person.
# First contact, menu, leaving. The first line of every message must be free of telling words: it may show on a lock
# screen.
hello = Bonjour
language-name = Français
leave-word = Quitter
alone-question = Êtes-vous seul ou seule avec ce téléphone ?
alone-yes = Oui
alone-not-now = Pas maintenant
alone-bye =
    D'accord, au revoir.
    Écrivez de nouveau quand vous êtes seul ou seule.
welcome-who =
    Bien.
    Je suis un programme, pas un être humain. C'est { $name } qui me gère. Une équipe de personnes est responsable de moi.
    .lite =
    Bien.
    Je suis un programme de { $name }.
welcome-can =
    Ce que je peux faire, et ce que je ne peux pas :
    Je peux répondre à des questions sur ce travail. Je dis d'où vient chaque réponse.
    Je ne peux pas aider en cas d'urgence. Je ne peux promettre ni secret, ni protection, ni argent, ni résultat.
    Vous pouvez demander avec vos mots. S'il vous plaît, n'écrivez pas de noms.
    .lite = Je réponds à des questions. Je ne peux pas aider en cas d'urgence et je ne peux rien promettre. S'il vous plaît, n'écrivez pas de noms.
menu-first-line = Écrivez un numéro :
menu-faq = Questions et réponses
menu-limits = Ce que je peux faire ou non
menu-about = Qui nous sommes
menu-safety = Votre sécurité
menu-real = Est-ce vrai ?
menu-whoami = Ce que je garde sur vous
menu-settings = Réglages
menu-bot = État du programme
menu-leave = Quitter
menu-menu = Menu
language-question = Quelle langue ?
language-set = J'écris maintenant en français.
unknown =
    Je n'ai pas compris.
    Je n'ai pas gardé ce que vous avez écrit. Si vous êtes en danger, écrivez : sécurité
unknown-here = Je ne connais pas cela ici. Écrivez-moi en privé, s'il vous plaît : { $address }
not-text =
    Je ne peux pas prendre cela ici.
    Je ne l'ai pas ouvert et je ne l'ai pas gardé. Vous pouvez l'effacer de votre côté.
no-such-digit = { $digit } n'est pas un des numéros. Choisissez encore une fois, s'il vous plaît :
crossed =
    Nous avons écrit en même temps.
    Pour éviter une erreur, je n'ai pas utilisé votre réponse. Répondez encore une fois, s'il vous plaît :
too-fast =
    Attendez un peu, s'il vous plaît.
    Cela faisait beaucoup de messages en peu de temps. Attendez { $minutes ->
        [one] une minute
       *[other] { $minutes } minutes
    }, puis écrivez de nouveau. 0 permet de quitter à tout moment, et « sécurité » et « menace » marchent toujours.
was-away =
    Je n'étais pas là.
    Je réponds maintenant à vos messages, du plus ancien au plus récent.
unreadable =
    Je n'ai pas pu lire un de vos messages.
    Sa clé n'est pas arrivée. Envoyez-le encore une fois, s'il vous plaît. Si cela se répète, mettez votre application à jour ou écrivez depuis un autre appareil.
clear-message =
    Un de vos messages est arrivé sans chiffrement.
    Je ne l'ai pas lu. Activez le chiffrement dans votre application et écrivez encore une fois, s'il vous plaît.
not-encrypted = Ce salon n'est pas chiffré, je ne peux donc pas parler ici. Écrivez n'importe quoi et je vous inviterai dans un salon chiffré.
private-already = Je vous ai déjà envoyé aujourd'hui une invitation dans un salon chiffré. Regardez vos invitations, s'il vous plaît.
room-declined = J'entre seulement dans un salon avec une seule personne, ou dans un salon ouvert par la coordination.
room-not-private =
    Quelqu'un d'autre est maintenant dans ce salon.
    Je n'y dis plus rien de personnel. Ouvrez un salon avec moi seul, s'il vous plaît.
went-wrong =
    Il y a eu une erreur de mon côté.
    Rien n'a été changé. Essayez encore une fois, s'il vous plaît. Si vous en parlez à une personne, dites : { $ref }
needs-more = Il manque quelque chose après ce mot. Écrivez « aide » pour voir des exemples.
bye = Au revoir.
group-private = Je réponds à cela en privé. Écrivez-moi, s'il vous plaît : { $address }
