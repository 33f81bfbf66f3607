/** Ways to say that something can't be told. */
const PATTERNS = [
  /\b(can ?not|cant|could ?nt|could not|unable to|not able to|impossible to) (\w+ )?(tell|see|say|determine|know|find|answer|read|identify|provide|be (\w+ )?(determined|told|seen|known|answered|identified|found))\b/,
  /\b(does|do|did|is|are|was|were|has|have)( not|nt) (\w+ )?(say|show|tell|mention|state|specify|contain|include|provide|give|list|indicate|reveal)/,
  /\b(is|are|was|were)( not|nt) (\w+ )?(shown|given|visible|mentioned|stated|provided|specified|listed|available|included|indicated|known|clear|written|there|in the|on the)\b/,
  /\b(not|never) (shown|given|visible|mentioned|stated|provided|specified|listed|available|indicated|known)\b/,
  /\bi (do not|dont) (know|see|have)\b/,
  /\bno (\w+ )?(information|mention|way to (tell|know))\b/,
  /\bthere (is|are) (no|not|none)\b/,
  /\b(unknown|not sure|unclear)\b/,
];

/** Whether an answer says that it can't tell. */
export function isRefusal(answer: string): boolean {
  const said = answer.toLowerCase().replace(/['’]/g, '').replace(/\s+/g, ' ');
  return PATTERNS.some((pattern) => pattern.test(said));
}
