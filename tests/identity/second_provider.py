"""A second provider in a process of its own: an OpenID provider and a stub of VK ID.

    python -m tests.identity.second_provider PORT

Honest by default; `POST /mood` with form values makes it hostile or ill. Whoever opens its
authorization address is at once the person that the mood names.
"""

import base64
import hashlib
import sys
import time
from urllib.parse import urlencode

from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

SECRET = "второй секрет: + & ="
CLIENT = "svyazka"

honest = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
wrong = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
mood: dict[str, str] = {}
grants: dict[str, dict[str, str]] = {}
bearers: dict[str, str] = {}
app = Flask("second_provider")


def issuer():
    return request.host_url.rstrip("/")


@app.post("/mood")
def change_mood():
    mood.clear()
    mood.update(request.form)
    return "", 204


@app.get("/.well-known/openid-configuration")
def discovery():
    return jsonify(
        issuer=mood.get("issuer", issuer()),
        authorization_endpoint=f"{issuer()}/authorize",
        token_endpoint=f"{issuer()}/token",
        jwks_uri=f"{issuer()}/jwks",
        userinfo_endpoint=f"{issuer()}/userinfo",
        authorization_response_iss_parameter_supported=True,
    )


@app.get("/authorize")
def authorize():
    asked = request.args.to_dict()
    code = f"code-{len(grants)}"
    grants[code] = asked
    answer = {"state": mood.get("state", asked["state"])}
    if mood.get("error"):
        answer["error"] = mood["error"]
    else:
        answer["code"] = code
    if "nonce" in asked:
        answer["iss"] = mood.get("iss", issuer())
    else:
        answer["device_id"] = mood.get("device_id", "device-7")
    return redirect(f"{asked['redirect_uri']}?{urlencode(answer)}")


def proves(grant):
    digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
    return (
        base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == grant["code_challenge"]
        and grant["code_challenge_method"] == "S256"
        and grant["redirect_uri"] == request.form["redirect_uri"]
    )


def subject():
    return mood.get("subject", "kolya")


@app.post("/token")
def token():
    if mood.get("down"):
        return "", 503
    time.sleep(float(mood.get("slow", 0)))
    if not request.authorization:
        return jsonify(error="invalid_client"), 401
    grant = grants.pop(request.form["code"], None)
    if grant is None or not proves(grant):
        return jsonify(error="invalid_grant"), 400
    now = int(time.time())
    claims = {
        "iss": mood.get("token_issuer", issuer()),
        "aud": mood.get("audience", CLIENT),
        "sub": subject(),
        "nonce": mood.get("nonce", grant["nonce"]),
        "iat": now,
        "exp": now + 300,
    }
    bearers["bearer"] = subject()
    key = wrong if mood.get("key") == "wrong" else honest
    signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
    return jsonify(token_type="Bearer", access_token="bearer", id_token=signed)


@app.get("/jwks")
def jwks():
    return jsonify(keys=[honest.as_dict(private=False)])


@app.get("/userinfo")
def userinfo():
    return jsonify(
        sub=mood.get("other_subject", bearers["bearer"]),
        family_name="Николаев",
        given_name="Николай",
        middle_name="Ильич",
    )


# -- VK ID, as its «Справочник методов API» describes it ------------------------------------------
@app.post("/oauth2/auth")
def vk_token():
    if mood.get("down"):
        return "", 503
    needed = {
        "grant_type",
        "code",
        "code_verifier",
        "client_id",
        "redirect_uri",
        "device_id",
        "state",
    }
    grant = grants.pop(request.form.get("code", ""), None)
    if needed - request.form.keys() or request.authorization:
        return jsonify(error="invalid_request", error_description="a parameter is missing")
    if grant is None or not proves(grant) or request.form["device_id"] != "device-7":
        return jsonify(error="invalid_grant", error_description="code is invalid")
    bearers["vk"] = "1234567890"
    return jsonify(
        access_token="vk",
        refresh_token="vk-refresh",
        id_token="not.relied.on",
        token_type="Bearer",
        expires_in=3600,
        user_id=int(bearers["vk"]),
        state=mood.get("token_state", request.form["state"]),
        scope="vkid.personal_info",
    )


@app.post("/oauth2/user_info")
def vk_user():
    if request.form.get("client_id") != CLIENT or request.form.get("access_token") != "vk":
        return jsonify(error="invalid_token")
    return jsonify(
        user={
            "user_id": mood.get("other_subject", bearers["vk"]),
            "first_name": "Николай",
            "last_name": "Николаев",
            "avatar": "https://pp.userapi.com/60tZWMo4SmwcploUVl9XEt8ufnTTvDUmQ6Bj1g/1.png",
            "sex": 2,
            "verified": False,
            "birthday": "01.01.2000",
        }
    )


if __name__ == "__main__":
    server = make_server("127.0.0.1", int(sys.argv[1]), app, threaded=True)
    server.serve_forever()
