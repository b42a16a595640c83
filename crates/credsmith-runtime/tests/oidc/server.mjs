// Starts an authorization server on a free port of loopback, with the clients given as JSON in the
// first argument; prints its issuer. It ends when its standard input does.
import { createPublicKey } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const clients = JSON.parse(process.argv[2]).map(({ private_key: pem, ...client }) => ({
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  ...client,
  ...(pem && { jwks: { keys: [createPublicKey(pem).export({ format: 'jwk' })] } }),
}));

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients,
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
    ],
    enabledJWA: { clientAuthSigningAlgValues: ['HS256', 'RS256', 'ES256'] },
    scopes: ['read', 'write'],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo: () => ({
          scope: 'read write',
          accessTokenFormat: 'opaque',
          accessTokenTTL: 300,
        }),
      },
    },
  });
  server.on('request', provider.callback());
  process.stdout.write(`issuer=${issuer}\n`);
});

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
