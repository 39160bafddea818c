export class Progress {
  completed = 0;
}
export function progressFor(_o: object): Progress {
  return new Progress();
}
