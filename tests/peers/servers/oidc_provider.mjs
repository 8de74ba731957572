// An authorization server made of `oidc-provider`, with a resource that its tokens open. Tokens live for two seconds.
// Started with the folder that the package is installed in; says where it listens; ends when its standard input does.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder] = process.argv.slice(2);
const library = pathToFileURL(join(folder, 'node_modules', 'oidc-provider', 'lib', 'index.js'));
const { default: Provider } = await import(library);

const RESOURCE = 'urn:example:api';
const SECONDS = 2;
const ASCII = String.fromCharCode(...Array.from({ length: 0x7f - 0x20 }, (_, index) => 0x20 + index));

const client = (client_id, client_secret, token_endpoint_auth_method) => ({
  client_id,
  client_secret,
  token_endpoint_auth_method,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  scope: 'api:read api:write',
});

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      client('basic', 's3cr3t/+&%=', 'client_secret_basic'),
      client('post', 's3cr3t/+&%=', 'client_secret_post'),
      client(`id${ASCII}`, ASCII, 'client_secret_basic'),
      { ...client('reader', 's3cr3t/+&%=', 'client_secret_basic'), scope: 'api:read' },
    ],
    scopes: ['api:read', 'api:write'],
    ttl: { ClientCredentials: SECONDS },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        getResourceServerInfo: () => ({
          scope: 'api:read api:write',
          accessTokenFormat: 'opaque',
          accessTokenTTL: SECONDS,
        }),
      },
    },
  });
  const callback = provider.callback();
  const api = async (request, response) => {
    const value = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const token = await provider.ClientCredentials.find(value);
    const allowed = token !== undefined && !token.isExpired;
    response.writeHead(allowed ? 200 : 401, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(allowed ? { client: token.clientId, scope: token.scope ?? '' } : {}));
  };
  server.on('request', (request, response) => (request.url === '/api' ? api : callback)(request, response));
  console.log(`listening ${issuer}`);
});

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
