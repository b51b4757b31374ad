// Puts a page that was saved again in the place of the one that is shown, and leaves alone whatever did not change:
// scripts, players, open parts and answers live on there. Blocks are compared as they came from the server, since
// scripts change them later.

const pristine = new WeakMap();
const HOLDS_BLOCKS = "main, [data-blocks], section.quiz";

/** Remember how a page came, before a script improves it. */
export function remember(root) {
  for (const node of nodesOf(root)) {
    pristine.set(node, source(node));
    if (holdsBlocks(node)) remember(node);
  }
}

/** Give elements and words; the space between blocks means nothing. */
function nodesOf(root) {
  return [...root.childNodes].filter((node) => node.nodeType === Node.ELEMENT_NODE || node.nodeValue.trim());
}

function source(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.outerHTML : node.nodeValue.trim();
}

function holdsBlocks(node) {
  return node.nodeType === Node.ELEMENT_NODE && node.matches(HOLDS_BLOCKS);
}

function came(node) {
  return pristine.get(node) ?? source(node);
}

/**
 * Bring what `live` holds to what `fresh` holds.
 * Returns the pairs [old, new] of replaced blocks, with `null` where one came or went.
 */
export function swap(live, fresh) {
  const old = nodesOf(live);
  const coming = nodesOf(fresh);
  for (const node of coming) pristine.set(node, source(node));
  const replaced = [];
  let at = 0;
  let from = 0;
  for (const [i, j] of [...inCommon(old.map(came), coming.map(came)), [old.length, coming.length]]) {
    replaced.push(...bridge(live, old.slice(at, i), coming.slice(from, j), old[i] ?? null));
    at = i + 1;
    from = j + 1;
  }
  return replaced;
}

/** Replace the nodes of a gap between two that stayed; `before` is the one after the gap. */
function bridge(live, old, coming, before) {
  const replaced = [];
  const rest = [...old];
  for (const node of coming) {
    const partner = partnerOf(node, rest);
    if (partner) {
      for (const gone of rest.splice(0, rest.indexOf(partner) + 1)) {
        if (gone !== partner) replaced.push(...drop(gone));
      }
    }
    if (partner && holdsBlocks(partner) && holdsBlocks(node)) {
      for (const { name, value } of node.attributes) partner.setAttribute(name, value);
      pristine.set(partner, source(node));
      replaced.push(...swap(partner, node));
    } else {
      remember(node);
      if (partner) partner.before(node);
      else live.insertBefore(node, rest[0] ?? before);
      if (partner) partner.remove();
      if (node.nodeType === Node.ELEMENT_NODE) replaced.push([partner?.nodeType === Node.ELEMENT_NODE ? partner : null, node]);
    }
  }
  for (const gone of rest) replaced.push(...drop(gone));
  return replaced;
}

function drop(node) {
  node.remove();
  return node.nodeType === Node.ELEMENT_NODE ? [[node, null]] : [];
}

/** Find what a node takes the place of: the one of its id, else the first that could be an older version of it. */
function partnerOf(node, candidates) {
  if (node.nodeType !== Node.ELEMENT_NODE) return null;
  const alike = candidates.filter((each) => each.nodeName === node.nodeName);
  return node.id ? alike.find((each) => each.id === node.id) : alike.find((each) => !each.id);
}

/** Pair what stands in both lists, in order and as much as possible: the longest common subsequence. */
function inCommon(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const pairs = Array.from({ length: start }, (_, index) => [index, index]);
  pairs.push(...longest(a.slice(start, a.length - end), b.slice(start, b.length - end), start));
  for (let index = end; index > 0; index -= 1) pairs.push([a.length - index, b.length - index]);
  return pairs;
}

function longest(a, b, offset) {
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([offset + i++, offset + j++]);
    else if (length[i + 1][j] >= length[i][j + 1]) i += 1;
    else j += 1;
  }
  return pairs;
}
