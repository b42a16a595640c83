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
    // Also without the scope `offline_access`, which is OpenID Connect's.
    issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    features: {
      clientCredentials: { enabled: true },
      // Any login and any password will do, and the pages are plain forms.
      devInteractions: { enabled: true },
      deviceFlow: { enabled: true },
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
