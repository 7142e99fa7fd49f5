/** Names that carry no secret though they sound like it: idempotency keys (AWS calls them client tokens), page cursors. */
const HARMLESS =
  /^(x?idempotency|client(request)?token|request(token|id)|dedup|(next)?page|next|continuation|cursor|sync)/;
const ENDS_IN_SECRET =
  /(password|passwd|passphrase|pwd|secret|token|jwt|apikey|accesskey|accesskeyid|secretkey|privatekey|subscriptionkey|signature|credentials?|authorization|sessionid|sessionkey)$/;
const CARD_PARENT = /(card|creditcard|debitcard|paymentcard|paymentmethod|pan)s?$/;
const CARD =
  /^(card|creditcard|debitcard)(number|no|num)$|^(cvc|cvv|cvn)[12]?$|^(cvccode|cvvcode|securitycode|cardcode|pan)$/;

/** Whether a JSON member holds a secret by its name; `parent` is the member its object stands in. */
export function isSecretMember(name: string, parent: string): boolean {
  const bare = bareName(name);
  if (HARMLESS.test(bare)) return false;
  return ENDS_IN_SECRET.test(bare) || CARD.test(bare) || (bare === 'number' && CARD_PARENT.test(bareName(parent)));
}

/** Whether a query or form parameter holds a secret by its name. */
export function isSecretParameter(name: string): boolean {
  const bare = bareName(name);
  return isSecretMember(name, '') || bare === 'key' || bare === 'sig' || bare === 'auth' || bare === 'pass';
}

/** Whether a header line holds a secret by its name. Cookies are told apart: see `isCookie`. */
export function isSecretHeader(name: string): boolean {
  const bare = bareName(name);
  if (HARMLESS.test(bare)) return false;
  return ENDS_IN_SECRET.test(bare) || /^(x?auth|xauthkey|xkey|authentication|xmsauthinfo)$/.test(bare);
}

export function isCookie(name: string): boolean {
  return /^(set-)?cookie2?$/i.test(name);
}

function bareName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
