# Not yet reviewed by a person.
mend-device =
    Je ne peux pas encore répondre à cela sur cet appareil.
    Votre application n'a pas encore confirmé que cet appareil est à vous. Dans votre application, ouvrez Paramètres, puis Sécurité (ou Sessions), et confirmez cet appareil : avec un autre de vos appareils, ou avec la longue clé que l'application vous a donnée au début. Ne m'écrivez jamais cette clé. Puis écrivez-moi de nouveau.
mend-public = D'ici là, je peux vous dire ce qui est public : écrivez « menu ». 0 enlève ce qui a été écrit ici.
mend-anyway = Continuer malgré cet avertissement
mend-warning =
    Si vous n'y arrivez pas, vous pouvez continuer sans cela.
    Alors quelqu'un qui contrôle un serveur pourrait lire ce que nous écrivons. Votre choix est noté.
mend-accepted =
    Je continue avec cet appareil.
    Confirmez-le dans votre application dès que vous pouvez, s'il vous plaît.
identity-changed =
    Votre compte a de nouvelles clés.
    Cela arrive avec un nouveau téléphone, ou quand vous vous connectez de nouveau. Cela peut aussi vouloir dire que quelqu'un d'autre utilise votre compte. Ce qui était en cours est terminé. Nous recommençons :
identity-changed-staff =
    Votre compte a de nouvelles clés.
    Je n'accepte rien de ce compte avant que l'administration ait accepté ces clés. Demandez à l'administration d'écrire : !personnes accepter et votre compte
needs-compared =
    Il faut d'abord qu'un ou une collègue soit sûr que c'est bien vous.
    Vérifiez-moi dans votre application. Votre collègue compare les émojis avec vous et écrit « !identique » avec le numéro que je montre au bureau. Si personne n'a encore été comparé, l'opérateur le fait d'abord avec : liaison verify
verify-compare =
    { $who } compare maintenant des émojis avec moi.
    Si c'est bien cette personne, au téléphone ou côte à côte, et si elle voit exactement ceci, écrivez : !identique { $ref }
    { $emoji }
verify-none = Aucune comparaison { $ref } n'attend.
verify-matched = C'est fait. Pour moi, cette personne est maintenant comparée.
identity-changed-desk =
    Le compte { $account } a de nouvelles clés.
    Je n'en prends rien qui ne soit pas public. Demandez à la personne, par téléphone ou face à face. Si ces clés sont les siennes, un autre admin écrit :
    !personnes accepter { $account }
