# Not yet reviewed by a person.
page-version = Versión { $version }, { $date }.
page-check = Código para comprobar el texto: { $sha }
page-signature = Firma digital: { $signature }
page-unreviewed = Ninguna persona ha revisado todavía esta traducción.
page-sample = MUESTRA: el operador todavía no ha puesto aquí su propio texto. No se fíe de esto.
page-controller = Responsable: { $controller }. Contacto: { $contact }
page-rights = Sus derechos: { $rights }
page-no-controller = El operador todavía no ha dicho quién es responsable.
about-changed =
    La página «Quiénes somos» cambió.
about-old = Antes: { $text }
about-new = Ahora: { $text }
real-first = No me crea solo a mí.
real-compare =
    Abra usted el sitio oficial ({ $name }): { $page }
    Compare allí:
real-no-page =
    Todavía no hay una página oficial ({ $name }).
    Por eso no puede comprobar quién soy. No me diga nada importante.
real-address = Mi dirección: { $address }
real-words = Mis ocho palabras para comprobar: { $words }
real-leave = Si una sola cosa es distinta, salga: escriba 0.
