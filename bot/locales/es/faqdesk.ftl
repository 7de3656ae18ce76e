# Not yet reviewed by a person.
# What staff read when they change answers at the desk.
faq-overdue-task = Había que comprobar la respuesta «{ $id }» antes del { $date }. Por favor, compruebe su fuente. La gente ve que puede ser vieja.
faq-fields =
    Ponga una línea para cada dato, así. La palabra antes de los dos puntos queda en inglés:
    language: es
    question: ¿Qué es esto?
    answer: En pocas palabras: ...
    source: Nombre de la fuente
    También hay: topic, more, link, of (un día), status, for
faq-id = Un id tiene letras minúsculas, cifras y guiones, como submit-how.
faq-language = Los idiomas son: en, ar, fr, uk, es
faq-missing = Faltan estas líneas: { $list }
faq-topic = Los temas son: { $list }
faq-wrong = Esto no es válido: { $field }
faq-any = Una respuesta con un año o una resolución es un dato propio de alguien. Diga para quién: «for: example», o el organismo.
faq-never-say = Una respuesta no debe decir esto: { $list }
faq-exists = Ya hay una respuesta «{ $id }». Para cambiarla: !faq editar
faq-phrasing = Una forma de preguntar tiene de 3 a 200 letras.
faq-preview = Así se verá «{ $id }»:
faq-preview-more = Y después de «Más sobre esto»:
faq-preview-phrasing = «{ $id }» se encontrará también con: { $text }
faq-preview-retire = «{ $id }» ya no se mostrará. Dice: { $text }
faq-asked = Esto necesita una segunda persona. Otra persona del equipo escribe: !aprobar { $ref }
faq-no-such = No hay ninguna respuesta «{ $id }». Hay: { $list }
faq-one-of = «{ $field }» es una de estas palabras: { $list }
faq-preview-foreign = En este idioma quedan palabras de otro. Añada también estas líneas: { $list }
faq-others-wait = Otras peticiones para «{ $id }» también esperan: { $list }. En cuanto se apruebe una, las otras quedan anuladas.
faq-void = «{ $id }» ha cambiado. Estas otras peticiones quedan anuladas: { $list }. Pida otra vez lo que todavía haga falta.
faq-learnt = Lo que cambió está aprendido. Las preguntas con cualquier palabra ya se responden con ello.
faq-not-live = En mi autoprueba, más de 5 de cada 100 respuestas directas fueron erróneas. Ya no respondo nada directamente, solo ofrezco opciones. Lo que confundo lo muestra: liaison faq check
faq-letters-only = Las preguntas se comparan solo por letras y nunca reciben una respuesta directa: el modelo de lenguaje no funciona en esta máquina.
# What `liaison faq` tells a curator.
faq-tier-answer = Respuesta directa. Confianza: { $confidence }
faq-tier-choices = Se muestran opciones. Confianza: { $confidence }
faq-tier-person = Pasa a una persona. Confianza: { $confidence }
faq-ask-long = Este texto tiene { $count } letras, más de { $most }. Se toma por un relato: no se compara, no se pasa a nadie, no se guarda.
faq-ask-danger = Una clase peligrosa ({ $id }): sin opciones, no se pasa nada. Solo se muestra su texto fijo.
faq-ask-unreviewed = Ese texto no está revisado en este idioma. En su lugar la gente lee:
faq-ask-wish = Un deseo ({ $id }). Primero va su propio texto, luego se ofrecen una persona y la primera respuesta. Dice:
faq-ask-other = { $id } trata de otro organismo: se puede elegir, pero nunca es la respuesta directa.
faq-check-missing = No hay texto en: { $value }
faq-check-overdue = Había que comprobarla antes del { $value }
faq-check-few = Muy pocas formas de preguntar, { $value }
faq-check-never = Dice lo que ninguna respuesta puede decir, { $value }
faq-check-any = Nombra un dato propio de alguien ({ $value }), pero dice «any»
faq-check-see = Remite a una respuesta que no existe: { $value }
faq-check-audio = Falta la grabación, { $value }
faq-check-alike = Muy parecida a { $value }: quizá basta una respuesta
faq-check-unreviewed = Su texto fijo no está revisado y no se muestra en: { $value }
faq-check-confused = «{ $id }» se confunde con «{ $value }»: { $count }
faq-check-rate = Formas de preguntar propias, dejadas fuera y preguntadas: { $answered } con respuesta directa, { $wrong } de ellas mal. Preguntas sin respuesta que la recibieron de todos modos: { $foreign }
faq-check-long = Demasiadas palabras, { $value }
faq-check-far = Su próxima revisión es el { $value }: como mucho con 90 días de adelanto, por favor
faq-check-telling = La primera línea dice de qué se trata, { $value }
faq-check-desk = Cambiado en la sala de trabajo, y eso vale más que los archivos: { $list }
faq-check-review = Cuando una persona haya revisado uno de estos textos, ponga su línea bajo el mismo id en handover.yaml, con reviewed_by (un rol) y reviewed_on (el día), solo para ese idioma:
faq-check-mend = El contenido no debe ponerse en servicio antes de arreglar cada «fail». El bot no los mira: respondería de todos modos.
faq-check-fine = El contenido puede ponerse en servicio.
faq-check-refused = El contenido no debe ponerse en servicio: al comprobarlo, más de 5 de cada 100 respuestas directas fueron erróneas. No hay respuestas directas hasta que esto se arregle.
faq-import-where = Indique primero su propia carpeta de contenido en faq.content: la que trae el programa no se cambia.
faq-imported = Respuestas en la tabla: { $count }. Cambiadas o nuevas: { $changed }. Ejecute ahora: liaison faq check
faq-exported = Respuestas puestas en { $file }: { $count }
faq-desk-unread = No se puede leer la base de datos. Lo que se cambió en la sala de trabajo queda fuera, y solo se miran los archivos.
faq-table-suffix = El nombre de una tabla termina en .csv o .xlsx. Este no: { $file }
faq-table-encoding = { $file } no está en UTF-8. Guárdelo otra vez como «CSV UTF-8» o como .xlsx.
faq-table-broken = { $file } no es una tabla que yo pueda leer. Guárdelo otra vez como .xlsx o como CSV.
faq-table-columns = En { $file } faltan estas columnas: { $list }. La primera fila dice los nombres de las columnas.
faq-table-never = En { $file }, { $id } dice lo que ninguna respuesta puede decir: { $list }
faq-eval-id = { $file }, línea { $line }: no hay ninguna respuesta «{ $id }».
