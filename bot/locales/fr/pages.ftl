# Not yet reviewed by a person.
page-version = Version { $version } du { $date }.
page-check = Empreinte du texte : { $sha }
page-signature = Signature : { $signature }
page-unreviewed = Personne n'a encore relu cette traduction.
page-sample = EXEMPLE : l'opérateur n'a pas encore mis son propre texte ici. Ne vous y fiez pas.
page-controller = Responsable : { $controller }. Contact : { $contact }
page-rights = Vos droits : { $rights }
page-no-controller = L'opérateur n'a pas encore dit qui est responsable.
about-changed =
    La page « Qui nous sommes » a changé.
about-old = Avant : { $text }
about-new = Maintenant : { $text }
real-first = Ne croyez pas seulement ce que je dis.
real-compare =
    Ouvrez vous-même le site de { $name } : { $page }
    Là, comparez :
real-no-page =
    { $name } n'a pas encore indiqué de page officielle.
    Vous ne pouvez donc pas vérifier qui je suis. Ne me dites rien d'important.
real-address = Mon adresse : { $address }
real-words = Les huit mots de ma clé : { $words }
real-leave = Si un seul de ces points est différent, partez : écrivez 0.
