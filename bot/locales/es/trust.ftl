# Not yet reviewed by a person.
mend-device =
    Todavía no puedo responder a eso en este aparato.
    Su aplicación no ha confirmado que este aparato es suyo. En su aplicación, abra Ajustes (Settings), luego Seguridad (Security) o Sesiones (Sessions), y confirme este aparato: desde otro aparato suyo, o con la clave larga que la aplicación le dio al configurarla. Nunca me escriba esa clave. Luego escríbame otra vez.
mend-public = Hasta entonces puedo decirle lo que es público: escriba «menú». Con 0 se quita lo que se escribió aquí.
mend-anyway = Seguir con esta advertencia
mend-warning =
    Si no puede hacerlo, puede seguir sin eso.
    Entonces, alguien que controla un servidor podría leer lo que escribimos. Su decisión queda anotada.
mend-accepted =
    Sigo con este aparato.
    Por favor, confírmelo en su aplicación cuando pueda.
identity-changed =
    Su cuenta tiene llaves nuevas.
    Eso pasa con un teléfono nuevo o después de entrar otra vez en la cuenta. También puede significar que otra persona usa su cuenta. Lo que estaba en marcha terminó. Empezamos otra vez:
identity-changed-staff =
    Su cuenta tiene claves nuevas.
    Hasta que un admin las acepte, no recibo nada de ella. Pida a un admin que escriba: !personas aceptar y la cuenta de usted
needs-compared =
    Primero, otra persona del equipo debe comprobar que de verdad es usted.
    Verifíqueme en su aplicación. Otra persona del equipo compara los emojis con usted y escribe «!coincide» con el número que muestro en la sala de trabajo. Si todavía no se ha comprobado a nadie, lo hace primero el operador con: liaison verify
verify-compare =
    { $who } compara ahora los emojis conmigo.
    Si de verdad es esa persona, por teléfono o a su lado, y ve exactamente esto, escriba: !coincide { $ref }
    { $emoji }
verify-none = No hay ninguna comparación { $ref } en espera.
verify-matched = Hecho. Ahora cuento a esa persona como comprobada.
identity-changed-desk =
    La cuenta { $account } tiene claves nuevas.
    Solo acepto de ella lo que es público. Pregunte a su dueño por teléfono o en persona. Si las claves nuevas son suyas, otro administrador escribe:
    !personas aceptar { $account }
