"""An authorization server made of Authlib and Flask, with a resource that its tokens open. Tokens live for two seconds.

Says where it listens; ends when its standard input does.
"""

import os
import sys
import threading
import time

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from flask import Flask, jsonify
from werkzeug.serving import make_server

SECONDS = 2
ALLOWED_SCOPES = {"read", "write"}


class Client(ClientMixin):
    def __init__(self, client_id, secret, method):
        self.client_id, self.secret, self.method = client_id, secret, method

    def get_client_id(self):
        return self.client_id

    def get_allowed_scope(self, scope):
        return " ".join(word for word in (scope or "").split() if word in ALLOWED_SCOPES)

    def check_client_secret(self, client_secret):
        return self.secret == client_secret

    def check_endpoint_auth_method(self, method, endpoint):
        return self.method == method

    def check_grant_type(self, grant_type):
        return grant_type == "client_credentials"


class Token(TokenMixin):
    def __init__(self, client, values):
        self.client, self.values = client, values
        self.expires_at = time.time() + values["expires_in"]
        self.revoked = False

    def check_client(self, client):
        return self.client is client

    def get_scope(self):
        return self.values.get("scope", "")

    def get_expires_in(self):
        return self.values["expires_in"]

    def is_expired(self):
        return time.time() >= self.expires_at

    def is_revoked(self):
        return self.revoked

    def get_user(self):
        return None

    def get_client(self):
        return self.client


class Grant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


class Validator(BearerTokenValidator):
    def authenticate_token(self, token_string):
        return tokens.get(token_string)


class Revocation(RevocationEndpoint):
    def query_token(self, token_string, token_type_hint):
        return tokens.get(token_string)

    def revoke_token(self, token, request):
        token.revoked = True


# Its decoder of Basic takes a plus for a plus, so no space is among the characters.
ASCII = "".join(map(chr, range(0x21, 0x7F)))
clients = {
    client.client_id: client
    for client in [
        Client("basic", "s3cr3t/+&%=", "client_secret_basic"),
        Client("post", "s3cr3t/+&%=", "client_secret_post"),
        Client("id" + ASCII, ASCII, "client_secret_basic"),
    ]
}
tokens = {}


def save_token(values, request):
    tokens[values["access_token"]] = Token(request.client, values)


app = Flask(__name__)
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"client_credentials": SECONDS}
authorization = AuthorizationServer(app, query_client=clients.get, save_token=save_token)
authorization.register_grant(Grant)
authorization.register_endpoint(Revocation)
protected = ResourceProtector()
protected.register_token_validator(Validator())


@app.post("/token")
def token():
    return authorization.create_token_response()


@app.post("/token/revocation")
def revocation():
    return authorization.create_endpoint_response(Revocation.ENDPOINT_NAME)


@app.get("/api")
@protected()
def api():
    return jsonify(client=current_token.client.client_id, scope=current_token.get_scope())


def end_with_standard_input():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_standard_input, daemon=True).start()
server = make_server("127.0.0.1", 0, app, threaded=True)
print(f"listening http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
