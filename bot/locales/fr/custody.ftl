# Not yet reviewed by a person.
recipients-no-signer = La configuration ne dit pas quelle clé signe la liste. Mettez dans keys.signer ce que liaison keys init-signer a montré. La réception reste fermée.
recipients-missing = Il n'y a pas de liste de clés. Mettez la liste signée là où keys.recipients l'indique. La réception reste fermée.
recipients-broken = La liste de clés est illisible, ou un nom ou une clé y figure deux fois. Remettez la liste signée.
recipients-unsigned = La liste de clés n'est pas signée. Signez-la hors ligne : liaison keys sign. La réception reste fermée.
recipients-altered = La liste de clés n'est pas celle qui a été signée avec la clé de keys.signer. Remettez la liste signée. La réception reste fermée.
recipients-expired = La liste de clés a expiré. Signez-la de nouveau, hors ligne : liaison keys sign. La réception reste fermée.
recipients-rolled-back = La liste de clés est de la version { $number } ; la version { $seen } a déjà servi. Remettez la plus récente. La réception reste fermée.
recipients-few = { $count ->
    [0] Il n'y a aucune clé valable dans la liste. Il en faut au moins deux. La réception reste fermée.
    [one] Il n'y a qu'une clé valable dans la liste. Il en faut au moins deux. La réception reste fermée.
   *[other] Il y a { $count } clés valables dans la liste. Il en faut davantage. La réception reste fermée.
}
recipients-bad-name = Un nom est ici un rôle ou un code : lettres minuscules, chiffres et traits d'union, 30 au plus. Jamais le nom d'une personne.
recipients-bad-key = Ce n'est pas une clé. La clé d'un détenteur commence par age1 ; la clé qui signe a 43 lettres.
recipients-twice = Le nom { $name } ou cette clé figure déjà dans la liste.
recipients-unknown = Il n'y a pas de { $name } dans la liste.
keys-signer-made = La clé qui signe la liste est dans { $file }. Gardez-la hors ligne, à deux endroits. Mettez ceci dans la configuration du robot :
keys-made = Votre clé est dans { $file } et, à côté, la clé qui signe ce que vous ouvrez. Gardez les deux hors ligne, avec une copie. Donnez ces deux lignes à qui tient la liste :
keys-file-there = { $file } existe déjà. Rien n'a été changé.
keys-no-signer = { $file } n'est pas une clé qui signe des listes. Prenez le fichier fait par liaison keys init-signer.
keys-list = Version { $seq }. Empreinte de la liste : { $fingerprint }
keys-added = { $name } est dans la liste. Comparez cette empreinte avec cette personne au téléphone : { $fingerprint }
keys-removed = { $name } n'est plus dans la liste. Ce qui a été scellé avant s'ouvre encore avec cette clé.
keys-sign-again = La liste n'est plus signée. Signez-la hors ligne : liaison keys sign
keys-signed = La version { $seq } est signée et valable jusqu'au { $date }. Empreinte de la liste : { $fingerprint }. Signée avec { $signature }
keys-in-use = Le robot scelle pour ces clés. Version { $seq }, valable jusqu'au { $date }. Empreinte de la liste : { $fingerprint }
keys-print = empreinte { $fingerprint }
keys-identity = ouvre aussi les identités
keys-until = ne sert plus à partir du { $date }
keys-drill-made = { $file } est un paquet d'essai. Donnez-le à chaque détenteur : il l'ouvre avec liaison unseal et rapporte son fichier de suivi.
keys-drill-text = Ceci est un paquet d'essai. Rien n'y est réel.
keys-drill-overdue = Ces détenteurs n'ont ouvert aucun paquet d'essai depuis un an : { $list }. Faites-en un : liaison keys drill
custody-whole = { $count ->
    [one] Le journal de suivi est entier : { $count } entrée.
   *[other] Le journal de suivi est entier : { $count } entrées.
}
custody-broken = Le journal de suivi n'est pas entier. La première entrée fausse est le numéro { $seq }. Gardez une copie de tout et cherchez qui avait accès.
custody-stamped = La tête du { $date } a été vue par le service d'horodatage à { $at }.
custody-against-what = { $file } n'est ni une tête ni des lignes d'un journal de suivi.
custody-file-bad = Le fichier n'est pas entier, ou n'est pas comme lors du dernier ajout. La première entrée fausse est le numéro { $seq }. Rien n'a été ajouté.
custody-whose = { $file } est signé avec { $signature }. Cette clé n'est pas dans la liste. Demandez à son détenteur ; si elle est à lui, donnez-la avec --signer.
custody-imported = { $count ->
    [0] Rien n'est nouveau dans le fichier de { $name }.
    [one] { $count } nouvelle entrée de { $name } a été ajoutée au journal.
   *[other] { $count } nouvelles entrées de { $name } ont été ajoutées au journal.
}
custody-drilled = { $name } a ouvert le paquet d'essai.
custody-written = { $count ->
    [one] { $count } entrée est dans { $file }.
   *[other] { $count } entrées sont dans { $file }.
}
custody-head = Tête du jour : numéro { $seq }, { $sha }
custody-not-approved = Rien de ce que deux personnes ont approuvé n'attend sous { $ref }.
custody-gone = Le paquet de { $ref } n'est plus dans le coffre.
custody-no-identity = Le paquet de { $ref } ne contient pas d'identité.
custody-exported = Écrit dans { $file }. Le journal de suivi le dit.
timestamp-refused = Le service d'horodatage n'a pas donné de réponse valable. Voyez keys.timestamp_url ; il sera interrogé de nouveau la prochaine fois.
timestamp-bad = La réponse du service d'horodatage ne correspond pas à la tête, ou n'est pas signée par les certificats de keys.timestamp_ca.
unseal-purpose = Pourquoi ouvrez-vous ce paquet ? Une phrase, sans noms :
unseal-second = Quelle deuxième personne est au courant ? Son code ou son rôle :
unseal-needs-two = Il faut un motif et une deuxième personne (un code : lettres, chiffres, traits d'union). Rien n'a été ouvert.
unseal-no-package = Il n'y a pas de paquet { $file }.
unseal-out-there = { $folder } existe déjà et n'est pas vide. Nommez un nouveau dossier. Rien n'a été ouvert.
unseal-no-key = { $file } ne contient pas de clé qui ouvre des paquets. Une clé commence par AGE-SECRET-KEY-1. Si le fichier est lui-même fermé, ouvrez-le d'abord : age -d
unseal-log-bad = Votre fichier de suivi { $file } n'est pas entier : l'entrée { $seq } est fausse. Remettez sa copie. Rien n'a été ouvert.
unseal-wrong-key = Cette clé n'ouvre pas ce paquet, ou le paquet a été modifié. Rien n'a été écrit.
unseal-broken = Le paquet n'est pas entier : { $part } manque, a été modifié ou n'en fait pas partie. Rien n'a été écrit. Demandez-le de nouveau.
unseal-checking = Comparaison
unseal-opening = Ouverture
unseal-done = { $count ->
    [0] Ouvert. Il n'y a pas de fichier. C'est dans { $folder }.
    [one] Ouvert : { $count } fichier. C'est dans { $folder }.
   *[other] Ouvert : { $count } fichiers. C'est dans { $folder }.
}
unseal-custody-bad = Attention : les lignes de suivi de ce paquet ne sont pas telles qu'elles ont été signées.
unseal-written = Ce que vous avez ouvert est noté dans { $file }. Rapportez ce fichier : liaison custody import. Il est signé avec { $signature }
record-title = Ce qui a été envoyé
record-graphic = Quelqu'un a dit qu'un fichier est dur à regarder. N'ouvrez pas les fichiers en étant seul.
record-drill = Ceci est un paquet d'essai. Rien n'y est réel.
record-received = Reçu
record-form = Formulaire
record-language = Langue
record-hard-stop = Doit être traité par une personne
record-credit = Mention
record-answers = Réponses
record-none = rien
record-files = Fichiers
record-file = Fichier
record-type = Genre, d'après ses premiers octets
record-size = Octets
record-claimed = Nom donné par l'application de l'expéditeur
record-consent = Consentement
record-element = Élément
record-answer = Réponse
record-text = Texte montré
record-destinations = Où cela peut aller
record-destination = Organe
record-contact = Comment joindre la personne
record-question = Question
