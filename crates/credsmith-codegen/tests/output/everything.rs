//! A spec with every kind of scheme.

/// Begins every name that the spec below chooses.
pub(crate) const MARK: &str = "zz";

/// Every kind of scheme, every grant, and all that a spec can switch on.
pub(crate) const EVERYTHING: &str = "\
credsmith: 1
sdk:
  name: zz
  environments: { zzlive: {}, zztest: {} }
  rust: { blocking: true }
  names: { token: ZzToken, provider_error: ZzError, config: ZzConfig, environment: ZzEnvironment }
schemes:
  zzservice:
    type: oauth2
    grant: client_credentials
    token_urls: { zzlive: 'https://a.example/t', zztest: 'https://b.example/t' }
    client_authentication: private_key_jwt
    token_fetch: manual
    scopes: { values: [{ value: zzread }] }
    names: { fields: { client_id: zza, private_key: zzb, private_key_id: zzc, token: zzd, scopes: zze } }
  zzuser:
    type: oauth2
    grant: authorization_code
    issuer: https://a.example
    names: { fields: { client_id: zza, client_secret: zzb, redirect_uri: zzc, token: zzd, token_provider: zze, on_token_update: zzf, user_sign_in: zzg, clock_skew: zzh } }
  zzdevice:
    type: oauth2
    grant: device_code
    device_authorization_url: https://a.example/d
    default_token_lifetime: never
    bearer_token_types: [bot]
    token_url: https://a.example/t
    client_authentication: none
    names: { fields: { client_id: zza, token: zzd, token_provider: zze, on_token_update: zzf, user_sign_in: zzg, clock_skew: zzh } }
  zzpassword:
    type: oauth2
    grant: password
    token_url: https://a.example/t
    names: { fields: { client_id: zza, client_secret: zzb, username: zzc, password: zzi, token: zzd, token_provider: zze, on_token_update: zzf, clock_skew: zzh } }
  zzrobot:
    type: oauth2
    grant: jwt_bearer
    token_url: https://a.example/t
    names: { fields: { private_key: zza, private_key_id: zzb, issuer: zzc, subject: zzi, token: zzd, token_provider: zze, on_token_update: zzf, clock_skew: zzh } }
  zzexchange:
    type: oauth2
    grant: token_exchange
    token_url: https://a.example/t
    revocation_url: https://a.example/r
    introspection_url: https://a.example/i
    names: { fields: { client_id: zza, client_secret: zzb, subject_token: zzc, token: zzd, token_provider: zze, on_token_update: zzf, clock_skew: zzh } }
  zzbasic: { type: basic, names: { fields: { username: zza, password: zzb } } }
  zzkey: { type: basic, password: optional, secret_username: true, names: { fields: { username: zza, password: zzb } } }
  zzbearer: { type: bearer, names: { fields: { access_token: zza } } }
  zzkeys:
    type: api_key
    keys: [{ name: zza, in: header }, { name: zzb, in: query }, { name: zzc, in: cookie }]
  zzsign: { type: custom, fields: [{ name: zza, secret: false }, { name: zzb, optional: true }] }
security:
  default: [zzservice, zzuser, zzdevice, zzpassword, zzrobot, zzexchange, zzbasic, zzkey, zzbearer]
  zzgroup: [[zzkeys, zzsign]]
";
