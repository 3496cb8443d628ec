/** Statement for PostgreSQL's single-user mode, which takes no parameters: the password is base64url. */
export function setRolePassword(role: string, password: string): string {
  return `ALTER ROLE ${role} PASSWORD '${password}'\n`;
}
