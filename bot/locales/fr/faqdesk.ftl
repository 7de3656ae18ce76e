# Not yet reviewed by a person.
# What staff read when they change answers at the desk.
faq-overdue-task = La réponse « { $id } » devait être relue au plus tard le { $date }. Vérifiez sa source, s'il vous plaît. Les gens voient qu'elle n'est peut-être plus à jour.
faq-fields =
    Mettez une ligne pour chaque chose, avec ces mots anglais au début :
    language: fr
    question: Qu'est-ce que c'est ?
    answer: En bref : ...
    source: Nom de la source
    Autres mots : topic, more, link, of (un jour), status, for
faq-id = Un nom de réponse a de petites lettres sans accent, des chiffres et des traits d'union, comme bot-human.
faq-language = Les langues sont : en, ar, fr, uk, es
faq-missing = Ces lignes manquent : { $list }
faq-topic = Les sujets sont : { $list }
faq-wrong = Ceci ne convient pas : { $field }
faq-any = Une réponse avec une année ou une résolution est une information propre à un organe. Dites pour qui : « for: example », ou l'organe.
faq-never-say = Une réponse ne doit pas dire ceci : { $list }
faq-exists = La réponse « { $id } » existe déjà. Pour la changer : !faq modifier
faq-phrasing = Une façon de demander a de 3 à 200 lettres.
faq-preview = Voici à quoi ressemblera « { $id } » :
faq-preview-more = Et après « En savoir plus » :
faq-preview-phrasing = « { $id } » sera trouvée aussi avec : { $text }
faq-preview-retire = « { $id } » ne sera plus montrée. Elle dit : { $text }
faq-asked = Il faut une deuxième personne. Quelqu'un d'autre de l'équipe écrit : !approuver { $ref }
faq-no-such = Il n'y a pas de réponse « { $id } ». Il y a : { $list }
faq-one-of = « { $field } » est l'un de ces mots : { $list }
faq-preview-foreign = Dans cette langue, il reste des mots d'une autre. Ajoutez aussi ces lignes : { $list }
faq-others-wait = D'autres demandes pour « { $id } » attendent aussi : { $list }. Dès que l'une est approuvée, les autres sont annulées.
faq-void = « { $id } » a changé. Ces autres demandes sont annulées : { $list }. Demandez encore ce qui est toujours voulu.
faq-learnt = Ce qui a changé est appris. Les questions en mots libres reçoivent maintenant leur réponse de là.
faq-not-live = Dans mon autotest, plus de 5 réponses directes sur 100 étaient fausses. Je ne réponds plus rien directement, je montre seulement des choix. Ce que je confonds se voit avec : liaison faq check
faq-letters-only = Les questions sont comparées seulement par leurs lettres et ne reçoivent jamais de réponse directe : le modèle de langue ne marche pas sur cette machine.
# What `liaison faq` tells a curator.
faq-tier-answer = Réponse directe. Confiance : { $confidence }
faq-tier-choices = Montrée comme choix. Confiance : { $confidence }
faq-tier-person = Transmise à une personne. Confiance : { $confidence }
faq-ask-long = Ce texte a { $count } lettres, plus de { $most }. Il est pris pour un récit : ni comparé, ni transmis, ni gardé.
faq-ask-danger = Une sorte de question dangereuse ({ $id }) : pas de choix, rien n'est transmis. Seul son texte fixe est montré.
faq-ask-unreviewed = Ce texte n'est pas relu dans cette langue. À sa place, les gens lisent :
faq-ask-wish = Un souhait ({ $id }). Son propre texte vient d'abord, puis une personne et la première réponse sont proposées. Il dit :
faq-ask-other = { $id } parle d'un autre organe : on peut la choisir, mais elle n'est jamais la réponse directe.
faq-check-missing = Il n'y a pas de texte en : { $value }
faq-check-overdue = Devait être relue au plus tard le { $value }
faq-check-few = Trop peu de façons de demander, { $value }
faq-check-never = Dit ce qu'aucune réponse ne doit dire, { $value }
faq-check-any = Contient une information propre à un organe ({ $value }) mais dit « any »
faq-check-see = Renvoie à une réponse qui n'existe pas : { $value }
faq-check-audio = L'enregistrement n'est pas là, { $value }
faq-check-alike = Très proche de { $value } : une seule réponse suffit peut-être
faq-check-unreviewed = Son texte fixe n'est pas relu et n'est pas montré en : { $value }
faq-check-confused = « { $id } » est pris pour « { $value } » : { $count }
faq-check-rate = De ses propres formulations, retirées puis demandées : { $answered } reçoivent une réponse directe, dont { $wrong } fausses. Questions sans réponse qui en reçoivent quand même une : { $foreign }
faq-check-long = Trop de mots, { $value }
faq-check-far = Ne doit être relue que le { $value } : au plus 90 jours d'avance, s'il vous plaît
faq-check-telling = La première ligne dit de quoi il s'agit, { $value }
faq-check-desk = Changé au bureau, et cela passe avant les fichiers : { $list }
faq-check-review = Quand une personne a relu l'un de ces textes, mettez sa ligne sous le même id dans handover.yaml, avec reviewed_by (un rôle) et reviewed_on (le jour), pour cette langue seulement :
faq-check-mend = Le contenu ne doit pas être mis en service avant que chaque « fail » soit réparé. Le bot ne les regarde pas : il répondrait quand même.
faq-check-fine = Le contenu peut être mis en service.
faq-check-refused = Le contenu ne doit pas être mis en service : au test, plus de 5 réponses directes sur 100 étaient fausses. Rien ne reçoit de réponse directe avant que ce soit réparé.
faq-import-where = Indiquez d'abord votre propre dossier de contenu dans faq.content : celui qui est fourni n'est pas modifié.
faq-imported = Réponses dans le tableau : { $count }. Changées ou nouvelles : { $changed }. Lancez maintenant : liaison faq check
faq-exported = Réponses mises dans { $file } : { $count }
faq-desk-unread = La base de données ne peut pas être lue. Ce qui a été changé au bureau est laissé de côté, seuls les fichiers sont regardés.
faq-table-suffix = Le nom d'un tableau finit par .csv ou .xlsx. Celui-ci non : { $file }
faq-table-encoding = { $file } n'est pas en UTF-8. Enregistrez-le encore une fois en « CSV UTF-8 » ou en .xlsx.
faq-table-broken = { $file } n'est pas un tableau que je peux lire. Enregistrez-le encore une fois en .xlsx ou en CSV.
faq-table-columns = Dans { $file }, ces colonnes manquent : { $list }. La première ligne nomme les colonnes.
faq-table-never = Dans { $file }, { $id } dit ce qu'aucune réponse ne doit dire : { $list }
faq-eval-id = { $file }, ligne { $line } : il n'y a pas de réponse « { $id } ».
